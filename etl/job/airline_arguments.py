"""The arguments of the Glue job, whatever executes it: one version of a raw object in, the rows to load, the rejects and a manifest out.

    --dataset flights --bucket RAW --key daily-flights/date=2008-05-01/flights.csv --version V
    --load_id ID --staging s3://STAGING/loads/ID/ --airports s3://RAW/airports/ --sql s3://SCRIPTS/sql/

--airports is of a dataset that rows are joined with, and so are its likes of others. Optional: the settings of contract.json, which rules
ask for, --max_reject_ratio 0..1 (fail when more rows than that have a fault), --max_airports_reject_ratio 0..1 (do without
a file of that dataset of which more rows have a fault: its own load was refused). A batch names many objects in one run: --objects
LIST instead of bucket, key, version and load id, where LIST is a JSON array of objects with those
four as "bucket", "key", "version", "load_id", and with "event_time" and "observed_at" for the ledger; --staging is then the prefix of all
loads, and --run RUN a folder in each. In a batch an object that is refused or cannot be read fails alone. Beside LIST are written the rows
of all files (loads/), what the ledger is to learn of those that loaded (entries/loaded.json), what became of each file
(files.json, JSON Lines), and last the same in short (batch.json).
"""

import re

from airline_contract import a_day

LOAD_ID = "[0-9A-Za-z_-]+"


def words_of(argv, takes_value):
    """The --name value pairs among words: (name, value). takes_value says of which names the next word is the value."""
    words = iter(argv)
    for word in words:
        name, equals, value = word[2:].partition("=")
        if word.startswith("--"):
            yield name, value if equals or not takes_value(name) else next(words, "")


def location(value):
    return re.match(r"(s3|file)://.*/$", value)


def sql_of(argv):
    """Where the queries and the contract are, which says what else is to be given."""
    value = dict(words_of(argv, lambda name: name == "sql")).get("sql", "")
    if not location(value):
        raise SystemExit("job arguments: --sql " + (f"{value!r} must be s3://bucket/prefix/" if value else "is missing"))
    return value


def arguments(argv, contract):
    """Reads --name value pairs and checks all of them at once. Glue adds names of its own."""
    given, wrong = {}, []
    for name, value in words_of(argv, lambda name: name in contract.arguments):
        if name in contract.arguments:
            given[name] = value
        elif re.fullmatch("[a-z]+(_[a-z]+)+", name) or name.replace("-", "_") in contract.arguments:  # Glue's have capitals or dashes
            wrong.append(f"--{name} is no argument of this job; it takes --" + ", --".join(contract.arguments))

    def check(name, ok, must):
        value = given.get(name, "")
        if not value:
            wrong.append(f"--{name} is missing")
        elif not ok(value):
            wrong.append(f"--{name} {value!r} must be {must}")

    names = sorted(contract.datasets)
    check("dataset", lambda v: v in names, " or ".join([", ".join(names[:-1])] * (len(names) > 1) + names[-1:]))
    check("staging", location, "s3://bucket/prefix/")
    check("sql", location, "s3://bucket/prefix/")
    joined = contract.datasets.get(given.get("dataset"), {}).get("joined", [])
    for name in joined:
        check(name, location, "s3://bucket/prefix/")
    if "objects" in given:
        check("objects", lambda v: re.match(r"(s3|file)://", v), "s3://bucket/key of a JSON list")
        if "run" in given:
            check("run", lambda v: re.fullmatch(LOAD_ID, v), "letters and digits")
    else:
        for name in ("bucket", "key", "version"):
            check(name, lambda v: True, "")
        check("load_id", lambda v: re.fullmatch(LOAD_ID, v), "letters and digits")
    for setting in contract.settings:
        if setting["name"] in given:
            check(setting["name"], lambda v: re.fullmatch(setting["form"], v) and (setting["type"] != "DATE" or a_day(v)), setting["must"])
    for name in ["max_reject_ratio"] + [f"max_{name}_reject_ratio" for name in joined]:
        if name in given:
            check(name, lambda v: re.fullmatch(r"0(\.[0-9]*)?|1(\.0*)?|\.[0-9]+", v), "a number from 0 to 1")
    if wrong:
        raise SystemExit("job arguments: " + "; ".join(wrong))
    return given
