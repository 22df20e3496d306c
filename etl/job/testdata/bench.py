"""Times the job, and what it replaces, on one Spark: bench.py INGEST.PY WORK.JSON.

WORK.JSON has "arguments", "load" (as run_loads.py), "flights" and "airports" (paths), "out" (a
directory), "steps" (names of those to run, in this order). Prints one JSON object of seconds a line.
"""

import importlib
import json
import os
import sys
import time

from pyspark.sql import SparkSession, functions as F


def main(script, work):
    sys.path.insert(0, os.path.dirname(os.path.abspath(script)))
    ingest, objects = importlib.import_module("ingest"), importlib.import_module("airline_objects")
    with open(work) as file:
        work = json.load(file)
    spark = SparkSession.builder.appName("bench").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    spark.conf.set("spark.sql.files.maxPartitionBytes", ingest.BLOCK_BYTES)
    warm_up = spark.range(1000000).selectExpr("sum(id)")
    warm_up.show()

    def scan():
        return spark.read.csv(work["flights"], header=True).count()

    def classical():
        """The plan of a Glue Studio script: a Python function sees every row, and both joins shuffle."""
        spark.conf.set("spark.sql.autoBroadcastJoinThreshold", "-1")
        flights = spark.read.csv(work["flights"], header=True)
        kept = spark.createDataFrame(flights.rdd.filter(lambda row: row["DepDelay"] is None or int(row["DepDelay"]) > -9999), flights.schema)
        airports = spark.read.csv(work["airports"], header=True)

        def side(prefix):
            return airports.select(*[F.col(c).alias(prefix + c) for c in airports.columns])

        joined = kept.join(side("dep_"), F.col("OriginAirportID") == F.col("dep_airport_id")).join(side("arr_"), F.col("DestAirportID") == F.col("arr_airport_id"))
        joined.selectExpr(
            "Carrier AS carrier", "dep_name AS dep_airport", "arr_name AS arr_airport", "dep_city", "arr_city", "dep_state", "arr_state",
            "CAST(DepDelay AS BIGINT) AS dep_delay", "CAST(ArrDelay AS BIGINT) AS arr_delay").write.mode("overwrite").parquet(work["out"] + "/classical")

    def job():
        manifest = ingest.Job(spark, objects.Files(), work["arguments"]).load(work["load"])
        return manifest["rows_loaded"]

    steps = {"scan": scan, "job": job, "classical": classical}
    for name in work["steps"]:
        begun = time.monotonic()
        result = steps[name.removesuffix(" again")]()
        print(json.dumps({"step": name, "seconds": round(time.monotonic() - begun, 2), "result": result}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
