"""Loads one flights file and tells what Spark did for it: plan.py INGEST.PY WORK.JSON.

WORK.JSON has "arguments" and "load" as those of run_loads.py. Prints a JSON object: of each frame that is written or
brought to the driver ("write rows", "counts") the operators, those of the write among them, how often it has an expression
that splits, and the size of the largest method that is generated for it; how many bytes the tasks have read of files
("bytes_read"); and below which prefixes markers of directories were removed ("unmarked").
"""

import importlib
import json
import os
import re
import sys

from pyspark.sql import SparkSession


def described(frame):
    """What there is to know of a frame's physical plan."""
    plan = frame._jdf.queryExecution().executedPlan()
    names = []
    for line in plan.toString().splitlines():
        match = re.match(r"^[ :+\-*()0-9!]*([A-Z][A-Za-z]+( text| parquet| csv)?)(.*)", line)
        if match:
            names.append(match[1] + (" " + match[3].strip() if match[1] == "Exchange" else ""))
    debug = getattr(getattr(frame._sc._jvm.org.apache.spark.sql.execution.debug, "package$"), "MODULE$")
    sizes = re.findall(r"maxMethodCodeSize:([0-9]+)", debug.codegenString(plan))
    return {"operators": names, "splits": plan.toString().count("split("), "method_bytes": max(map(int, sizes), default=0)}


def executed_last(spark):
    """The operators of the last execution that a write adds to those of its frame."""
    spark.sparkContext._jsc.sc().listenerBus().waitUntilEmpty()
    store = spark._jsparkSession.sharedState().statusStore()
    plan = store.executionsList(store.executionsCount() - 1, 1).apply(0).physicalPlanDescription()
    return re.findall(r"\b(Sort|WriteFiles)\b", plan.partition("\n\n")[0])


def main(script, work):
    sys.path.insert(0, os.path.dirname(os.path.abspath(script)))
    ingest, objects = importlib.import_module("ingest"), importlib.import_module("airline_objects")
    with open(work) as file:
        work = json.load(file)
    spark = SparkSession.builder.appName("plan").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    plans, unmarked = {}, []

    class Watched(ingest.Job):
        def query(self, name):
            frame = super().query(name)
            if name == "counts":
                plans[name] = described(frame)
            return frame

        def write(self, writer, url):
            name = "write " + url.rstrip("/").rpartition("/")[2]
            plans[name] = described(writer._df)
            super().write(writer, url)
            plans[name]["operators"] += executed_last(spark)

    class Marked(objects.Files):
        def remove_markers(self, url):
            unmarked.append(url)

    def bytes_read():
        return sum(s.getBytesRead() for s in spark._jvm.org.apache.hadoop.fs.FileSystem.getAllStatistics())

    job = Watched(spark, Marked(), work["arguments"])
    before = bytes_read()
    manifest = job.load({"rows": work["load"]["staging"], **work["load"]})
    print(json.dumps({"plans": plans, "bytes_read": bytes_read() - before, "rows_loaded": manifest["rows_loaded"], "unmarked": unmarked}))


if __name__ == "__main__":
    main(*sys.argv[1:])
