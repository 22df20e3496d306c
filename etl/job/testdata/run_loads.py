"""Runs the job over a list of loads: run_loads.py SCRIPT LOADS.JSON. SCRIPT is ingest.py, on one Spark, or ingest_duckdb.py.

LOADS.JSON has "modes", an array of {"settings": {...}, "together": BOOL, "loads": [...]}; on Spark each of them runs in a session of its own
with these settings, side by side. A load is {"arguments": {...}, "piece_bytes", "bucket", "key", "version",
"load_id", "staging"}; loads with equal arguments that follow each other share a run. Together they are a batch's: the script's main gets
a list of them. Otherwise each is loaded by itself, and piece_bytes is of what size the pieces are that its file is worked on in. And "read",
Parquet files that another engine wrote, for Spark to read. Writes LOADS.JSON.results: for each mode and load the manifest or
{"refused": code, "message": text}; for each file the schema and the number of rows.
"""

import importlib
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby


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
        return run_all(mode, lambda *given: job.Job(session, *given), "block_bytes")

    with ThreadPoolExecutor(len(work["modes"])) as pool:
        results = list(pool.map(run, work["modes"]))
    # The other engine's Parquet, read by this one.
    schemas = [spark.read.parquet(path).schema.simpleString() for path in work["read"]]
    counts = [spark.read.parquet(path).count() for path in work["read"]]
    return {"modes": results, "schemas": schemas, "counts": counts}


def on_duckdb(job, work):
    return {"modes": [run_all(mode, job.Job, "piece_bytes") for mode in work["modes"]]}


def run_all(mode, start, size):
    results = []
    for number, (_, loads) in enumerate(groupby(mode["loads"], lambda load: load["arguments"])):
        results += run_batch(number, list(loads), start) if mode["together"] else run_each(list(loads), start, size)
    return results


def run_batch(number, loads, start):
    """The loads as one batch, by the script's main."""
    from airline_run import main

    staging = os.path.dirname(loads[0]["staging"].rstrip("/"))
    folder = f"{staging}/batches/{number}/"
    place = folder.removeprefix("file://")
    os.makedirs(place)
    with open(place + "objects.json", "w") as file:
        json.dump([{name: load[name] for name in ("bucket", "key", "version", "load_id")} for load in loads], file)
    given = loads[0]["arguments"] | {"staging": staging + "/", "objects": folder + "objects.json"}
    main([word for name, value in given.items() for word in ("--" + name, value)], start)
    results = []
    with open(place + "files.json") as file:
        outcomes = [json.loads(line) for line in file]
    assert [outcome["load_id"] for outcome in outcomes] == [load["load_id"] for load in loads]
    for outcome, load in zip(outcomes, loads):
        if "error" in outcome:
            results.append({"refused": outcome["error"], "message": outcome["cause"]})
            continue
        with open(load["staging"].removeprefix("file://") + "manifest.json") as file:
            results.append({"manifest": json.load(file)})
    return results


def run_each(loads, start, size):
    """Each load by itself, all in one run."""
    from airline_contract import Refused
    from airline_objects import Files

    job, results = start(Files(), loads[0]["arguments"]), []
    for load in loads:
        setattr(job, size, load["piece_bytes"])
        try:
            results.append({"manifest": job.load({"rows": load["staging"], **load})})
        except Refused as refused:
            results.append({"refused": refused.code, "message": str(refused)})
    return results


if __name__ == "__main__":
    main(*sys.argv[1:])
