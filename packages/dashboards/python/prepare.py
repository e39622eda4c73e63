"""Brings Superset's own database up to date and makes its first user, whose password comes on standard input."""

import sys

from flask_migrate import upgrade
from superset.app import create_app

password = sys.stdin.readline().strip()
app = create_app()
with app.app_context():
    upgrade()
    app.appbuilder.add_permissions(update_perms=True)
    security = app.appbuilder.sm
    security.sync_role_definitions()
    if password:
        admin = security.find_role(security.auth_role_admin)
        if not security.add_user("admin", "BizOps", "Admin", "admin@bizops.example", admin, password=password):
            sys.exit("the user admin could not be made")
