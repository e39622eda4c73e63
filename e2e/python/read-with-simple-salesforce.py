"""Reads one object by each way simple-salesforce has, and prints the rows as JSON."""
import csv
import io
import json
import os
import sys

import requests
from simple_salesforce import Salesforce

url, authority = sys.argv[1:]
session = requests.Session()
session.verify = authority
token = session.post(
    f"{url}/services/oauth2/token",
    data={
        "grant_type": "client_credentials",
        "client_id": os.environ["CLIENT_ID"],
        "client_secret": os.environ["CLIENT_SECRET"],
    },
).json()["access_token"]
salesforce = Salesforce(instance_url=url, session_id=token, session=session, version="61.0")

fields = ["Id", "Description", "Email"]
soql = f"SELECT {', '.join(fields)} FROM Lead"


def cells(rows):
    return [[row[name] or None for name in fields] for row in rows]


bulk2 = []
for part in salesforce.bulk2.Lead.query_all(soql):
    bulk2 += cells(csv.DictReader(io.StringIO(part, newline="")))

json.dump(
    {
        "described": [field["name"] for field in salesforce.Lead.describe()["fields"]][:1],
        "rest": cells(salesforce.query_all_iter(soql, include_deleted=True)),
        "bulk": cells(salesforce.bulk.Lead.query_all(soql)),
        "bulk2": bulk2,
    },
    sys.stdout,
)
