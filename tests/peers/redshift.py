"""Answers statements of Redshift's SQL with sqlglot's translation, run by DuckDB: a line of JSON for each line of input.

With the folder of sqlglot's sources as argument, it prints the statements of its tests of Redshift's dialect instead.
"""

import datetime
import decimal
import json
import sys


def text(value):
    """A value as psql shows it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, float):
        return "%.15g" % value
    if isinstance(value, datetime.datetime):
        shown = value.strftime("%Y-%m-%d %H:%M:%S")
        if value.microsecond:
            shown += (".%06d" % value.microsecond).rstrip("0")
        return shown + ("+00" if value.tzinfo else "")
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta, decimal.Decimal)):
        return str(value)
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, (list, dict)):
        return json.dumps(value, separators=(",", ":"))
    return str(value)


def answer(connection, sql):
    import sqlglot

    try:
        written = sqlglot.transpile(sql, read="redshift", write="duckdb", unsupported_level=sqlglot.ErrorLevel.RAISE)
        rows = connection.execute(written[0]).fetchall()
    except Exception as error:  # of either: it is what the peer says
        return {"failed": str(error)[:200] or type(error).__name__}
    return {"rows": [[text(v) for v in row] for row in rows]}


def statements(sources):
    """The statements of sqlglot's tests of Redshift's dialect, as its validator is given them."""
    sys.path.insert(0, sources)
    import unittest

    import tests.dialects.test_dialect as base

    seen = []
    note = lambda self, sql, *_, **__: seen.append(sql)  # noqa: E731
    base.Validator.validate_identity = note
    base.Validator.validate_all = note
    import tests.dialects.test_redshift as redshift

    unittest.TextTestRunner(stream=open("/dev/null", "w")).run(unittest.defaultTestLoader.loadTestsFromTestCase(redshift.TestRedshift))
    return list(dict.fromkeys(seen))


if len(sys.argv) > 1:
    for sql in statements(sys.argv[1]):
        print(json.dumps(sql))
else:
    import duckdb

    connection = duckdb.connect()
    for line in sys.stdin:
        print(json.dumps(answer(connection, json.loads(line)["sql"])), flush=True)
