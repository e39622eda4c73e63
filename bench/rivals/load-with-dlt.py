"""Loads a CSV file with dlt: FILE SCHEMA TABLE insert|upsert COLUMNS; the database is in WAREHOUSE."""
import json
import os
import shutil
import sys

import dlt
import pyarrow as pa
from pyarrow import csv

ARROW_TYPES = {
    "text": pa.string(),
    "numeric": pa.decimal128(38, 9),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamptz": pa.timestamp("us", tz="UTC"),
}


def read_tables(file, columns):
    """Yields the file as Arrow tables of some 16 MB of text."""
    types = {name: ARROW_TYPES[kind] for name, kind in columns}
    reader = csv.open_csv(
        file,
        read_options=csv.ReadOptions(block_size=16 << 20),
        convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=True),
    )
    for batch in reader:
        yield pa.Table.from_batches([batch])


def main(file, schema, table, mode, columns):
    pipelines = os.path.join(os.environ["DLT_DATA_DIR"], "pipelines")
    # The table has been dropped; what dlt remembers of it would be wrong.
    if mode == "insert":
        shutil.rmtree(pipelines, ignore_errors=True)
    pipeline = dlt.pipeline(
        "bench",
        pipelines_dir=pipelines,
        destination=dlt.destinations.postgres(os.environ["WAREHOUSE"]),
        dataset_name=schema,
    )
    upsert = {"disposition": "merge", "strategy": "upsert"}
    pipeline.run(
        read_tables(file, json.loads(columns)),
        table_name=table,
        primary_key="id",
        columns={"id": {"unique": True}},
        write_disposition=upsert if mode == "upsert" else "append",
        loader_file_format="csv",
    )


main(*sys.argv[1:])
