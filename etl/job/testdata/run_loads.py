"""Runs the job over a list of loads in one Spark session: run_loads.py INGEST.PY LOADS.JSON.

LOADS.JSON has "loads", an array of {"arguments": {...}, "ansi", "block_bytes", "bucket", "key", "version",
"load_id", "staging"}; loads with equal arguments share a run, as in a backfill. And "read", Parquet
files that another engine wrote. Writes LOADS.JSON.results: for each load the manifest or {"refused": code,
"message": text}; for each file the schema and the number of rows.
"""

import importlib.util
import json
import sys

from pyspark.sql import SparkSession


def main(script, listed):
    spec = importlib.util.spec_from_file_location("ingest", script)
    ingest = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(ingest)
    with open(listed) as file:
        work = json.load(file)
    spark = SparkSession.builder.appName("test").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    jobs, results = {}, []
    for load in work["loads"]:
        name = json.dumps([load["arguments"], load["ansi"]], sort_keys=True)
        if name not in jobs:
            jobs = {name: ingest.Job(spark, ingest.Files(), load["arguments"])}
        spark.conf.set("spark.sql.ansi.enabled", load["ansi"])
        ingest.BLOCK_BYTES = load["block_bytes"]
        spark.conf.set("spark.sql.files.maxPartitionBytes", load["block_bytes"])
        spark.conf.set("spark.sql.files.openCostInBytes", load["block_bytes"])
        try:
            results.append({"manifest": jobs[name].load(load)})
        except ingest.Refused as refused:
            results.append({"refused": refused.code, "message": str(refused)})
    # The other engine's Parquet, read by this one.
    schemas = [spark.read.parquet(path).schema.simpleString() for path in work["read"]]
    counts = [spark.read.parquet(path).count() for path in work["read"]]
    with open(listed + ".results", "w") as file:
        json.dump({"loads": results, "schemas": schemas, "counts": counts}, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
