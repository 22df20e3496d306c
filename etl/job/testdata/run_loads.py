"""Runs the job over a list of loads in one Spark: run_loads.py INGEST.PY LOADS.JSON.

LOADS.JSON has "modes", an array of {"settings": {...}, "loads": [...]}, each of them run in a session of its own
with these Spark settings, side by side. A load is {"arguments": {...}, "block_bytes", "bucket", "key", "version",
"load_id", "staging"}; loads with equal arguments share a run, as in a backfill. And "read", Parquet files that
another engine wrote. Writes LOADS.JSON.results: for each mode and load the manifest or {"refused": code,
"message": text}; for each file the schema and the number of rows.
"""

import importlib
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

from pyspark.sql import SparkSession


def main(script, listed):
    with open(listed) as file:
        work = json.load(file)
    spark = SparkSession.builder.appName("test").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    sys.path.insert(0, os.path.dirname(os.path.abspath(script)))
    ingest = importlib.import_module("ingest")
    with ThreadPoolExecutor(len(work["modes"])) as pool:
        results = list(pool.map(lambda mode: run(ingest, spark.newSession(), mode), work["modes"]))
    # The other engine's Parquet, read by this one.
    schemas = [spark.read.parquet(path).schema.simpleString() for path in work["read"]]
    counts = [spark.read.parquet(path).count() for path in work["read"]]
    with open(listed + ".results", "w") as file:
        json.dump({"modes": results, "schemas": schemas, "counts": counts}, file)


def run(ingest, spark, mode):
    from airline_contract import Refused
    from airline_objects import Files

    spark.sparkContext._jvm.SparkSession.setActiveSession(spark._jsparkSession)  # expressions take settings from it
    for name, value in mode["settings"].items():
        spark.conf.set(name, value)
    job, arguments, results = None, None, []
    for load in mode["loads"]:
        if arguments != load["arguments"]:
            arguments = load["arguments"]
            job = ingest.Job(spark, Files(), arguments)
        job.block_bytes = load["block_bytes"]
        try:
            results.append({"manifest": job.load({"rows": load["staging"], **load})})
        except Refused as refused:
            results.append({"refused": refused.code, "message": str(refused)})
    return results


if __name__ == "__main__":
    main(*sys.argv[1:])
