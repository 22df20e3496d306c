# Runs the statements of the standard input, each of which ends with a semicolon at the end of a line; with an argument it prints rows.
import sys

import psycopg

with psycopg.connect(autocommit=True) as c:
    for statement in sys.stdin.read().split(";\n"):
        if statement.strip(" ;\n"):
            rows = c.execute(statement.rstrip(" ;\n"))
            if len(sys.argv) > 1:
                for row in rows:
                    print(",".join(str(v) for v in row))
print("done")
