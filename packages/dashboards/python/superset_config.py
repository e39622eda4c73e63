"""A private Superset on the loopback interface; what differs from Superset's defaults, which keep CSRF and Talisman on."""

import os

SECRET_KEY = os.environ["BIZOPS_SUPERSET_KEY"]
SQLALCHEMY_DATABASE_URI = "sqlite:///" + os.environ["BIZOPS_SUPERSET_DATABASE"]
WTF_CSRF_ENABLED = True
TALISMAN_ENABLED = True
# A request of the dashboards' charts may take a while on a small machine.
SUPERSET_WEBSERVER_TIMEOUT = 120
