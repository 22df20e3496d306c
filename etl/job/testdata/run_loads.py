"""Runs the job over a list of loads: run_loads.py SCRIPT LOADS.JSON. SCRIPT is ingest.py, on one Spark, or ingest_duckdb.py.

LOADS.JSON has "modes", an array of {"settings": {...}, "loads": [...]}; on Spark each of them runs in a session of its own
with these settings, side by side. A load is {"arguments": {...}, "piece_bytes", "bucket", "key", "version",
"load_id", "staging"}; loads with equal arguments share a run, as in a backfill. piece_bytes is of what size the pieces are that a
file is worked on in. And "read", Parquet files that
another engine wrote, for Spark to read. Writes LOADS.JSON.results: for each mode and load the manifest or {"refused": code,
"message": text}; for each file the schema and the number of rows.
"""

import importlib
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor


def main(script, listed):
    sys.path.insert(0, os.path.dirname(os.path.abspath(script)))
    job = importlib.import_module(os.path.basename(script)[:-len(".py")])
    with open(listed) as file:
        work = json.load(file)
    with open(listed + ".results", "w") as file:
        json.dump((on_spark if hasattr(job, "SparkSession") else on_duckdb)(job, work), file)


def on_spark(job, work):
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName("test").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")

    def run(mode):
        session = spark.newSession()
        spark.sparkContext._jvm.SparkSession.setActiveSession(session._jsparkSession)  # expressions take settings from it
        for name, value in mode["settings"].items():
            session.conf.set(name, value)
        return run_all(mode["loads"], lambda store, arguments: job.Job(session, store, arguments), "block_bytes")

    with ThreadPoolExecutor(len(work["modes"])) as pool:
        results = list(pool.map(run, work["modes"]))
    # The other engine's Parquet, read by this one.
    schemas = [spark.read.parquet(path).schema.simpleString() for path in work["read"]]
    counts = [spark.read.parquet(path).count() for path in work["read"]]
    return {"modes": results, "schemas": schemas, "counts": counts}


def on_duckdb(job, work):
    return {"modes": [run_all(mode["loads"], lambda store, arguments: job.Job(store, arguments), "piece_bytes") for mode in work["modes"]]}


def run_all(loads, start, size):
    from airline_contract import Refused
    from airline_objects import Files

    job, arguments, results = None, None, []
    for load in loads:
        if arguments != load["arguments"]:
            arguments = load["arguments"]
            job = start(Files(), arguments)
        setattr(job, size, load["piece_bytes"])
        try:
            results.append({"manifest": job.load({"rows": load["staging"], **load})})
        except Refused as refused:
            results.append({"refused": refused.code, "message": str(refused)})
    return results


if __name__ == "__main__":
    main(*sys.argv[1:])
