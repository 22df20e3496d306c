"""Runs the job over a list of loads in one Spark: run_loads.py INGEST.PY LOADS.JSON.

LOADS.JSON has "modes", an array of {"settings": {...}, "loads": [...]}, each of them run in a session of its own
with these Spark settings, side by side. A load is {"arguments": {...}, "block_bytes", "bucket", "key", "version",
"load_id", "staging"}; loads with equal arguments share a run, as in a backfill. And "read", Parquet files that
another engine wrote. Writes LOADS.JSON.results: for each mode and load the manifest or {"refused": code,
"message": text}; for each file the schema and the number of rows.
"""

import importlib.util
import json
import sys
from concurrent.futures import ThreadPoolExecutor

from pyspark.sql import SparkSession


def main(script, listed):
    with open(listed) as file:
        work = json.load(file)
    spark = SparkSession.builder.appName("test").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    with ThreadPoolExecutor(len(work["modes"])) as pool:
        results = list(pool.map(lambda mode: run(script, spark.newSession(), mode), work["modes"]))
    # The other engine's Parquet, read by this one.
    schemas = [spark.read.parquet(path).schema.simpleString() for path in work["read"]]
    counts = [spark.read.parquet(path).count() for path in work["read"]]
    with open(listed + ".results", "w") as file:
        json.dump({"modes": results, "schemas": schemas, "counts": counts}, file)


def run(script, spark, mode):
    spec = importlib.util.spec_from_file_location("ingest", script)
    ingest = importlib.util.module_from_spec(spec)  # one for each mode, as the size of blocks is the module's
    spec.loader.exec_module(ingest)
    spark.sparkContext._jvm.SparkSession.setActiveSession(spark._jsparkSession)  # expressions take settings from it
    for name, value in mode["settings"].items():
        spark.conf.set(name, value)
    job, arguments, results = None, None, []
    for load in mode["loads"]:
        if arguments != load["arguments"]:
            arguments = load["arguments"]
            job = ingest.Job(spark, ingest.Files(), arguments)
        ingest.BLOCK_BYTES = load["block_bytes"]
        try:
            results.append({"manifest": job.load({"rows": load["staging"], **load})})
        except ingest.Refused as refused:
            results.append({"refused": refused.code, "message": str(refused)})
    return results


if __name__ == "__main__":
    main(*sys.argv[1:])
