"""Loads one flights file and tells what Spark did for it: plan.py INGEST.PY WORK.JSON.

WORK.JSON has "arguments" and "load" as those of run_loads.py. Prints a JSON object: of each query that is executed
the operators ("checked", "rows", "rejects"), and how many bytes the tasks have read of files ("bytes_read").
"""

import importlib.util
import json
import re
import sys

from pyspark.sql import SparkSession


def operators(frame):
    """The operators of a physical plan, without what a cached relation was made by."""
    plan = frame._jdf.queryExecution().executedPlan().toString()
    names = []
    for line in plan.splitlines():
        match = re.match(r"^[ :+\-*()0-9!]*([A-Z][A-Za-z]+( text| parquet| csv)?)(.*)", line)
        if match:
            names.append(match[1] + (" " + match[3].strip() if match[1] == "Exchange" else ""))
            if match[1] in ("InMemoryTableScan", "TableCacheQueryStage"):
                break  # the rest is that of the relation
    return names


def main(script, work):
    spec = importlib.util.spec_from_file_location("ingest", script)
    ingest = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(ingest)
    with open(work) as file:
        work = json.load(file)
    spark = SparkSession.builder.appName("plan").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    plans = {}

    class Watched(ingest.Job):
        def query(self, name):
            frame = super().query(name)
            plans[name] = operators(frame)
            return frame

    def bytes_read():
        return sum(s.getBytesRead() for s in spark._jvm.org.apache.hadoop.fs.FileSystem.getAllStatistics())

    job = Watched(spark, ingest.Files(), work["arguments"])
    before = bytes_read()
    manifest = job.load(work["load"])
    print(json.dumps({"plans": plans, "bytes_read": bytes_read() - before, "rows_loaded": manifest["rows_loaded"]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
