"""The arguments of the Glue job, whatever executes it: one version of a raw object in, the rows to load, the rejects and a manifest out.

    --dataset flights --bucket RAW --key daily-flights/date=2008-05-01/flights.csv --version V
    --load_id ID --staging s3://STAGING/loads/ID/ --airports s3://RAW/airports/ --sql s3://SCRIPTS/sql/

Optional: --min_dep_delay MINUTES (reject flights that left less late), the limits of what can be (--max_early and --max_late
MINUTES, --first_day and --last_day YYYY-MM-DD, --round_trips true for flights that end where they began), --max_reject_ratio 0..1
(fail when more rows than that have a fault), --max_airports_reject_ratio 0..1 (flights do without
an airports file of which more rows than that have a fault: its own load was refused). A batch names many objects in one run: --objects
LIST instead of bucket, key, version and load id, where LIST is a JSON array of objects with those
four as "bucket", "key", "version", "load_id", and with "event_time" and "observed_at" for the ledger; --staging is then the prefix of all
loads, and --run RUN a folder in each. In a batch an object that is refused or cannot be read fails alone. Beside LIST are written the rows
of all files (loads/), what the ledger is to learn of those that loaded (entries/loaded.json), what became of each file
(files.json, JSON Lines), and last the same in short (batch.json).
"""

import re

from airline_contract import a_day

DATASETS = ("flights", "airports")
ARGUMENTS = {"dataset", "bucket", "key", "version", "load_id", "objects", "run", "staging", "airports", "sql", "min_dep_delay", "max_reject_ratio", "max_airports_reject_ratio",
             "max_early", "max_late", "first_day", "last_day", "round_trips"}
LOAD_ID = "[0-9A-Za-z_-]+"


def arguments(argv):
    """Reads --name value pairs and checks all of them at once. Glue adds names of its own."""
    given, wrong = {}, []
    words = iter(argv)
    for word in words:
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--"):
            continue
        if name in ARGUMENTS:
            given[name] = value if equals else next(words, "")
        elif re.fullmatch("[a-z]+(_[a-z]+)+", name) or name.replace("-", "_") in ARGUMENTS:  # Glue's have capitals or dashes
            wrong.append(f"--{name} is no argument of this job; it takes --" + ", --".join(sorted(ARGUMENTS)))

    def check(name, ok, must):
        value = given.get(name, "")
        if not value:
            wrong.append(f"--{name} is missing")
        elif not ok(value):
            wrong.append(f"--{name} {value!r} must be {must}")

    def location(value):
        return re.match(r"(s3|file)://.*/$", value)

    check("dataset", lambda v: v in DATASETS, "flights or airports")
    check("staging", location, "s3://bucket/prefix/")
    check("sql", location, "s3://bucket/prefix/")
    if given.get("dataset") != "airports":
        check("airports", location, "s3://bucket/prefix/")
    if "objects" in given:
        check("objects", lambda v: re.match(r"(s3|file)://", v), "s3://bucket/key of a JSON list")
        if "run" in given:
            check("run", lambda v: re.fullmatch(LOAD_ID, v), "letters and digits")
    else:
        for name in ("bucket", "key", "version"):
            check(name, lambda v: True, "")
        check("load_id", lambda v: re.fullmatch(LOAD_ID, v), "letters and digits")
    if "min_dep_delay" in given:
        check("min_dep_delay", lambda v: re.fullmatch(r"[+-]?[0-9]{1,18}", v), "minutes")
    for name in ("max_early", "max_late"):
        if name in given:
            check(name, lambda v: re.fullmatch("[0-9]{1,18}", v), "minutes")
    for name in ("first_day", "last_day"):
        if name in given:
            check(name, lambda v: a_day(v), "a day as YYYY-MM-DD")
    if "round_trips" in given:
        check("round_trips", lambda v: v in ("true", "false"), "true or false")
    for name in ("max_reject_ratio", "max_airports_reject_ratio"):
        if name in given:
            check(name, lambda v: re.fullmatch(r"0(\.[0-9]*)?|1(\.0*)?|\.[0-9]+", v), "a number from 0 to 1")
    if wrong:
        raise SystemExit("job arguments: " + "; ".join(wrong))
    return given
