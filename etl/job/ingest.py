"""The Glue job: one version of a raw object in, the rows to load, the rejects and a manifest out.

    --dataset flights --bucket RAW --key daily-flights/date=2008-05-01/flights.csv --version V
    --load_id ID --staging s3://STAGING/loads/ID/ --airports s3://RAW/airports/ --sql s3://SCRIPTS/sql/

Optional: --min_dep_delay MINUTES (reject flights that left less late), --max_reject_ratio 0..1
(fail when more rows than that have a fault), --max_airports_reject_ratio 0..1 (flights do without
an airports file of which more rows than that have a fault: its own load was refused). A backfill names many objects in one run: --objects
LIST instead of bucket, key, version and load id, where LIST is a JSON array of objects with those
four as "bucket", "key", "version", "load_id", and --staging is the prefix of all loads.

Everything that decides about rows is in the SQL files, which DuckDB executes as well; this file
only reads lines, splits them into fields, and writes what the queries answer. It goes over a file once, twice if quoted fields have
line breaks, and needs no awsglue: in Glue the session is the job's, elsewhere (s3:// becoming file://) a local one.
"""

import io
import json
import os
import re
import shutil
import sys
import zlib
from datetime import date

from pyspark.sql import SparkSession, functions as F

RAW_COLUMNS = {
    "flights": ["Carrier", "OriginAirportID", "DestAirportID", "DepDelay", "ArrDelay"],
    "airports": ["airport_id", "city", "state", "name"],
}
QUERY_COLUMNS = {  # the same, as the queries name them
    "flights": ["carrier", "origin_airport_id", "dest_airport_id", "dep_delay", "arr_delay"],
    "airports": ["airport_id", "city", "state", "name"],
}
AIRPORT_SCHEMA = "airport_id BIGINT, city STRING, state STRING, name STRING"
FILTERED = "below minDepDelay"  # the one reason that is no fault
MAX_RECORD_BYTES = 1 << 20

# A file is read in blocks of this size, each a Spark partition of its own, so that a line is known
# by its block's number and its place in the block.
BLOCK_BYTES = 32 << 20
PLACE_BITS = 33
PLACE_MASK = (1 << PLACE_BITS) - 1

# A load writes its records below rows/, by verdict: COPY takes the ones, and the others are there until
# they have become JSON.
ROWS = "rows/"
LOADED, REJECTED = ROWS + "verdict=loaded/", ROWS + "verdict=rejected/"

# What the host itself says of a line, where a query would have its verdict.
BLANK, LONG, NOT_TEXT, OPEN_QUOTE = "(blank)", "(long)", "(not text)", "(open quote)"
MALFORMED, RAGGED = "malformed quotes", "ragged row"

ARGUMENTS = {"dataset", "bucket", "key", "version", "load_id", "objects", "staging", "airports", "sql", "min_dep_delay", "max_reject_ratio", "max_airports_reject_ratio"}
LOAD_ID = "[0-9A-Za-z_-]+"


class Refused(Exception):
    """A raw file that breaks the contract as a whole; none of its rows load."""

    def __init__(self, key, line, code, what, mend):
        super().__init__(f"{key}:{line}: {what}; {mend}" if line else f"{key}: {what}; {mend}")
        self.code = code


# --- Arguments -----------------------------------------------------------------------------------


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

    check("dataset", lambda v: v in RAW_COLUMNS, "flights or airports")
    check("staging", location, "s3://bucket/prefix/")
    check("sql", location, "s3://bucket/prefix/")
    if given.get("dataset") != "airports":
        check("airports", location, "s3://bucket/prefix/")
    if "objects" in given:
        check("objects", lambda v: re.match(r"(s3|file)://", v), "s3://bucket/key of a JSON list")
    else:
        for name in ("bucket", "key", "version"):
            check(name, lambda v: True, "")
        check("load_id", lambda v: re.fullmatch(LOAD_ID, v), "letters and digits")
    if "min_dep_delay" in given:
        check("min_dep_delay", lambda v: re.fullmatch(r"[+-]?[0-9]{1,18}", v), "minutes")
    for name in ("max_reject_ratio", "max_airports_reject_ratio"):
        if name in given:
            check(name, lambda v: re.fullmatch(r"0(\.[0-9]*)?|1(\.0*)?|\.[0-9]+", v), "a number from 0 to 1")
    if wrong:
        raise SystemExit("job arguments: " + "; ".join(wrong))
    return given


def loads(given, store):
    """The loads of a run: one, or those of a backfill's list."""
    if "objects" not in given:
        names = ("bucket", "key", "version", "load_id")
        return [{name: given[name] for name in names} | {"staging": given["staging"]}]
    try:
        listed = json.loads(store.read(given["objects"]))
    except ValueError as error:
        raise SystemExit(f"job arguments: --objects {given['objects']} is no JSON: {error}") from None
    if not isinstance(listed, list) or not listed:
        raise SystemExit(f"job arguments: --objects {given['objects']} must be a JSON list of objects with bucket, key, version and load_id")
    wrong, seen = [], set()
    for i, item in enumerate(listed):
        for name in ("bucket", "key", "version", "load_id"):
            if not isinstance(item, dict) or not isinstance(item.get(name), str) or not item[name]:
                wrong.append(f"object {i} of {given['objects']} has no {name}")
            elif name == "load_id" and (not re.fullmatch(LOAD_ID, item[name]) or item[name] in seen):
                wrong.append(f"object {i} of {given['objects']}: load_id {item[name]!r} must be letters and digits, and no other object's")
            elif name == "load_id":
                seen.add(item[name])
    if wrong:
        raise SystemExit("job arguments: " + "; ".join(wrong))
    return [item | {"staging": given["staging"] + item["load_id"] + "/"} for item in listed]


def flight_date(key):
    """The day that a key's partition date=YYYY-MM-DD names."""
    days = [s[len("date="):] for s in key.split("/")[:-1] if s.startswith("date=")]
    mend = "upload it as daily-flights/date=YYYY-MM-DD/<name>.csv"
    if not days:
        raise Refused(key, 0, "key without a date", "the key has no date=YYYY-MM-DD partition, so the day of the flights is unknown", mend)
    if len(days) > 1:
        raise Refused(key, 0, "key without a date", "the key has more than one date= partition: " + ", ".join(days), mend)
    try:
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", days[0]):
            return date.fromisoformat(days[0])
    except ValueError:
        pass
    raise Refused(key, 0, "key without a date", f"the key's partition date={days[0]} is not a day as YYYY-MM-DD", mend)


# --- Objects: S3, or directories that stand for it ------------------------------------------------


class S3:
    MARKERS = ("/", "_$folder$")  # how the keys of directories end that Hadoop's S3A and EMRFS make

    def __init__(self):
        import boto3  # Glue has it; local runs need none

        self.client = boto3.client("s3")

    @staticmethod
    def place(url):
        bucket, _, key = url[len("s3://"):].partition("/")
        return bucket, key

    def read(self, url):
        bucket, key = self.place(url)
        return self.client.get_object(Bucket=bucket, Key=key)["Body"].read()

    def write(self, url, body):
        bucket, key = self.place(url)
        self.client.put_object(Bucket=bucket, Key=key, Body=body)

    def list(self, url):
        """The objects under a prefix: (key below the prefix, whole key, time of the last change)."""
        _, prefix = self.place(url)
        for item in self.items(url):
            if not item["Key"].endswith(self.MARKERS):
                yield item["Key"][len(prefix):], item["Key"], item["LastModified"].timestamp()

    def items(self, url):
        bucket, prefix = self.place(url)
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            yield from page.get("Contents", [])

    def open(self, bucket, key, version):
        """The object's bytes and how many there are."""
        extra = {"VersionId": version} if version else {}
        found = self.client.get_object(Bucket=bucket, Key=key, **extra)
        return found["Body"], found["ContentLength"]

    def copy(self, bucket, key, version, url):
        """Copies one version, inside S3, under a name that is ours: Spark cannot name a version."""
        to_bucket, to_key = self.place(url)
        source = {"Bucket": bucket, "Key": key} | ({"VersionId": version} if version else {})
        plain = {"MetadataDirective": "REPLACE", "TaggingDirective": "REPLACE"}  # tags would need a further permission
        self.client.copy(source, to_bucket, to_key, ExtraArgs=plain)

    def remove(self, url):
        """Removes all that is under a prefix."""
        self.delete(url, "")

    def remove_markers(self, url):
        """Removes what Hadoop leaves where it made a directory: empty objects, which COPY would take for Parquet."""
        self.delete(url, self.MARKERS)

    def delete(self, url, endings):
        bucket, _ = self.place(url)
        for item in self.items(url):
            if item["Key"].endswith(endings):
                self.client.delete_object(Bucket=bucket, Key=item["Key"])


class Files:
    """A bucket is file:///directory; keys are paths below it, and there is one version of each."""

    @staticmethod
    def path(url):
        return url[len("file://"):]

    def read(self, url):
        with open(self.path(url), "rb") as file:
            return file.read()

    def write(self, url, body):
        os.makedirs(os.path.dirname(self.path(url)), exist_ok=True)
        with open(self.path(url), "wb") as file:
            file.write(body)

    @staticmethod
    def place(url):
        parent, name = os.path.split(url.rstrip("/"))
        return parent, name + "/"

    def list(self, url):
        root, (_, prefix) = self.path(url), self.place(url)
        for directory, _, names in os.walk(root):
            for name in names:
                path = os.path.join(directory, name)
                if not name.endswith(".crc"):  # Hadoop's own, beside its files
                    below = os.path.relpath(path, root)
                    yield below, prefix + below, os.stat(path).st_mtime

    def open(self, bucket, key, version):
        path = os.path.join(self.path(bucket), key)
        return open(path, "rb"), os.path.getsize(path)

    def copy(self, bucket, key, version, url):
        os.makedirs(os.path.dirname(self.path(url)), exist_ok=True)
        shutil.copyfile(os.path.join(self.path(bucket), key), self.path(url))

    def remove(self, url):
        shutil.rmtree(self.path(url), ignore_errors=True)

    def remove_markers(self, url):
        pass  # a directory is one


# --- The beginning of a file: what it is, and its header -----------------------------------------


class Head:
    """What the first bytes of an object say: compression, and where the contract's columns are."""

    def __init__(self, store, dataset, bucket, key, version):
        self.key = key
        stream, size = store.open(bucket, key, version)
        try:
            first = stream.read(1 << 16)
            self.gzip = first[:2] == b"\x1f\x8b"
            self.blocks = 1 if self.gzip else -(-size // BLOCK_BYTES)  # gzip cannot be read from its middle
            text = self.inflated(first, stream) if self.gzip else self.more(first, stream)
        finally:
            stream.close()
        if text.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Refused(key, 1, "not text", "the file is UTF-16", "save it as UTF-8")
        if text.startswith(b"\xef\xbb\xbf"):
            text = text[3:]
        self.find_columns(dataset, *self.header(text))

    def more(self, text, stream):
        """Enough of the text to have its header: the longest record that is allowed."""
        while len(text) <= 2 * MAX_RECORD_BYTES:
            part = stream.read(1 << 16)
            if not part:
                break
            text += part
        return text

    def inflated(self, first, stream):
        inflate, text, part = zlib.decompressobj(wbits=31), b"", first
        try:
            while part and len(text) <= 2 * MAX_RECORD_BYTES:
                text += inflate.decompress(part)
                if inflate.eof and inflate.unused_data:  # a further member
                    part, inflate = inflate.unused_data, zlib.decompressobj(wbits=31)
                    continue
                part = stream.read(1 << 16)
        except zlib.error:
            raise damaged(self.key) from None
        if not part and not inflate.eof:
            raise damaged(self.key)
        return text

    def header(self, text):
        """The first record: its line, the line it ends on, and its fields."""
        lines = io.BytesIO(text)
        for number, line in enumerate(lines, 1):
            line = line.removesuffix(b"\n")
            record = line.removesuffix(b"\r")
            if not record:
                continue
            end = number
            fields, state = split(record)
            while state == "open":
                following = lines.readline()
                if not following:
                    raise unclosed(self.key, number)
                end += 1
                line += b"\n" + following.removesuffix(b"\n")
                if len(line) > MAX_RECORD_BYTES:
                    break
                if following.count(b'"') % 2 == 1:
                    record = line.removesuffix(b"\r")
                    fields, state = split(record)
                    break
            if len(line) > MAX_RECORD_BYTES:
                raise too_long(self.key, number)
            if b"\0" in record:
                raise not_text(self.key, number)
            try:
                names = [f.decode("utf-8") for f in (fields if state == "balanced" else [record])]
            except UnicodeDecodeError:
                raise not_text(self.key, number) from None
            return number, end, names
        raise Refused(self.key, 0, "empty object", "the object is empty: it has not even a header", "upload the file again; a day without flights is a header alone")

    def find_columns(self, dataset, line, end, names):
        """Finds the required columns, whatever the case of their names and the blanks around them."""

        def plain(name):
            return re.sub("[A-Z]", lambda m: m[0].lower(), name.strip(" \t"))

        required = RAW_COLUMNS[dataset]
        places = {want: [i for i, name in enumerate(names) if plain(name) == plain(want)] for want in required}
        missing = [want for want in required if not places[want]]
        repeated = [want for want in required if len(places[want]) > 1]
        shown = excerpt(",".join(names))
        if len(missing) == len(required):
            raise Refused(self.key, line, "no header", f"there is no header row: the file starts with {shown} and has none of the columns " + ", ".join(missing),
                          "put " + ",".join(required) + " above the rows")
        if missing:
            raise Refused(self.key, line, "missing columns", f"the header lacks the required column{'s' * (len(missing) > 1)} {', '.join(missing)}; it has {shown}",
                          f"add {'it' if len(missing) == 1 else 'them'} to the header and to the rows")
        if repeated:
            raise Refused(self.key, line, "repeated columns", f"the header has the column{'s' * (len(repeated) > 1)} {', '.join(repeated)} more than once", "leave one of each")
        self.positions = [places[want][0] for want in required]
        self.fields = len(names)
        self.lines = end


def split(record):
    """Takes a record apart as RFC 4180 has it: a quote opens a field only at the field's start."""
    fields = []
    while True:
        if not record.startswith(b'"'):
            field, comma, record = record.partition(b",")
            if b'"' in field:
                return None, "malformed"
            fields.append(field)
        else:
            match = re.match(rb'"((?>[^"]*(?:""[^"]*)*))"', record)
            if not match:
                return None, "open"
            fields.append(match[1].replace(b'""', b'"'))
            comma, record = record[match.end():match.end() + 1], record[match.end() + 1:]
            if comma not in (b"", b","):
                return None, "malformed"
        if not comma:
            return fields, "balanced"


def excerpt(text):
    """The beginning of a text in quotes, for a message."""
    return json.dumps(text if len(text) <= 120 else text[:120] + "...", ensure_ascii=False)


def too_long(key, line):
    return Refused(key, line, "record too long", "the record that begins here is longer than 1 MiB", "look for a quote that is not closed, or for another kind of file under this name")


def not_text(key, line):
    return Refused(key, line, "not text", "the file is not text in UTF-8", "save it as CSV in UTF-8")


def unclosed(key, line):
    return Refused(key, line, "unclosed quote", "a quoted field begins here and never ends, so the rows after it cannot be told apart", "close the quote, or double it if it is meant")


def too_many(key, faults, read, reasons, limit):
    shown = json.dumps(reasons, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return Refused(key, 0, "too many rejects", f"{faults} of {read} rows have a fault, more than the limit of {limit} allows: {shown}",
                   "see the rejects of its load, mend the file and upload it again")


def damaged(key):
    return Refused(key, 0, "damaged gzip", "the gzip stream is damaged or cut off", "compress and upload the file again")


# --- Lines, records, fields ----------------------------------------------------------------------


def read_lines(spark, path, head):
    """All lines of a file: their code (block and place in it) and text, the CR of a CRLF included.

    The header's lines stay, as blank ones: lines are counted by what is here.
    """
    block = F.expr(f"_metadata.file_block_start DIV {BLOCK_BYTES}")
    place = F.expr(f"monotonically_increasing_id() & {PLACE_MASK}L")
    lines = spark.read.option("lineSep", "\n").text(path).select("value", block.alias("block"), place.alias("place"))
    return lines.select(
        F.expr(f"shiftleft(block, {PLACE_BITS}) | place").alias("line"),
        F.expr(f"CASE WHEN block = 0 AND place < {head.lines} THEN '' ELSE value END").alias("text"))


HAS_QUOTE = "contains(record, '\"')"
OPEN = "(octet_length(record) - octet_length(replace(record, '\"', ''))) % 2 = 1"
# Quotes are where the rules allow them if, with every quoted part cut down to one quote, they touch commas or each other.
IN_PLACE = """NOT regexp_replace(record, '"[^"]*+"?', '"') RLIKE '[^,"]"|"[^,"]'"""
# Commas outside of quotes become NUL, which no text has: each is replaced, and each quoted part gets one that is taken back.
FIELDS = rf"""CASE WHEN {HAS_QUOTE}
    THEN split(replace(regexp_replace(record, '("[^"]*+"?)|,', '$1\0'), '"\0', '"'), '\0', -1)
    ELSE split(record, ',', -1) END"""


def unquoted(field):
    """An SQL expression: a field's value, that is the field without its quotes, and doubled ones single."""
    return f"""CASE WHEN startswith({field}, '"') THEN replace(substring({field}, 2, length({field}) - 2), '""', '"') ELSE {field} END"""


def without_cr(lines):
    return lines.select("line", F.expr(r"CASE WHEN endswith(text, '\r') THEN left(text, length(text) - 1) ELSE text END").alias("record"))


def joined(lines):
    """Records of several lines: for the files, few, that have line breaks inside of quotes.

    Outside of quotes, a line that opens one and does not close it changes the state, and any other
    leaves it; inside, a line with an odd number of quotes ends it. So the state before a line is
    whether the lines that open since the last one that can only close are odd in number.
    """
    def earlier(expression):
        return f"COALESCE({expression} OVER (ORDER BY line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)"

    marked = lines.select("line", "text", F.col("text").alias("record")) \
        .withColumn("odd", F.expr(f"{HAS_QUOTE} AND {OPEN}")) \
        .withColumn("opens", F.expr(f"CASE WHEN odd AND {IN_PLACE} THEN 1 ELSE 0 END"))
    counted = marked.withColumn("opened", F.expr(earlier("SUM(opens)"))) \
        .withColumn("settled", F.expr("CASE WHEN odd AND opens = 0 THEN opened END"))
    begun = counted.withColumn("begins", F.expr(f"CASE WHEN (opened - {earlier('MAX(settled)')}) % 2 = 0 THEN 1 ELSE 0 END")) \
        .withColumn("nth", F.expr("SUM(begins) OVER (ORDER BY line)"))
    # A quote that is never closed must not gather the rest of the file in memory: what goes is after a record that is too long.
    short = begun.withColumn("bytes", F.expr("SUM(octet_length(text) + 1) OVER (PARTITION BY nth ORDER BY line)")) \
        .where(f"bytes - octet_length(text) - 2 <= {MAX_RECORD_BYTES}")
    return short.groupBy("nth").agg(
        F.min("line").alias("line"),
        F.expr(r"array_join(transform(array_sort(collect_list(struct(line, text))), l -> l.text), '\n')").alias("text")).select("line", "text")


def raw(records, dataset, head):
    """What the queries read: each record with its contract's columns as texts, or why it has none."""
    fields = records.withColumn("field", F.expr(FIELDS))
    fault = rf"""CASE
        WHEN record = '' THEN '{BLANK}'
        WHEN octet_length(record) > {MAX_RECORD_BYTES} THEN '{LONG}'
        WHEN contains(record, '\0') OR decode(CAST(record AS BINARY), 'UTF-8') <> record THEN '{NOT_TEXT}'
        WHEN {HAS_QUOTE} AND NOT ({IN_PLACE} OR contains(record, '\n') AND {OPEN}) THEN '{MALFORMED}'
        WHEN {HAS_QUOTE} AND {OPEN} THEN '{OPEN_QUOTE}'
        WHEN size(field) <> {head.fields} THEN '{RAGGED}' END"""
    columns = [f"{unquoted(f'get(field, {i})')} AS {name}" for name, i in zip(QUERY_COLUMNS[dataset], head.positions)]
    return fields.selectExpr("line", "record", f"{fault} AS fault", *columns)


class Lines:
    """Turns a line's code into its number in the file, from the number of lines in each block."""

    def __init__(self, in_block):
        self.before, total = {}, 0
        for block in sorted(in_block):
            self.before[block] = total
            total += in_block[block]

    def number(self, code):
        return self.before[code >> PLACE_BITS] + (code & PLACE_MASK) + 1

    def expression(self):
        blocks = ", ".join(f"{block}L, {before}L" for block, before in self.before.items())
        return F.expr(f"element_at(map({blocks}), shiftright(line, {PLACE_BITS})) + (line & {PLACE_MASK}L) + 1")


# --- The job -------------------------------------------------------------------------------------


class Job:
    def __init__(self, spark, store, given):
        self.spark, self.store, self.given = spark, store, given
        for name, value in {
            "spark.sql.session.timeZone": "UTC",
            # Days are written as they are, those before 1582 as well, and not moved to another calendar.
            "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
            "spark.sql.shuffle.partitions": spark.sparkContext.defaultParallelism,
            # Nothing is left to adapt: the joins are broadcast and blocks are the partitions.
            "spark.sql.adaptive.enabled": "false",
            # A block's rows that load and those that do not are written side by side, not sorted apart first.
            "spark.sql.maxConcurrentOutputFileWriters": 4,
        }.items():
            spark.conf.set(name, value)
        self.warnings, self.dimension = [], None

    def query(self, name):
        return self.spark.sql(self.store.read(self.given["sql"] + name + ".sql").decode("utf-8"))

    def here(self, frame):
        """A small frame's rows, brought to the driver."""
        return [row.asDict() for row in frame.coalesce(1).toLocalIterator()]

    def table(self, rows, columns):
        """What the driver has, without the Python workers that createDataFrame takes, on every use."""
        return self.spark.sql(f"SELECT inline(from_json(:rows, 'ARRAY<STRUCT<{columns}>>'))", {"rows": json.dumps(rows)})

    def check_file(self, dataset, bucket, key, version, output, constants=()):
        """Writes every record of a raw file below output, by verdict, and makes the view checked of what was written.

        Answers how many records have which reason, None for those that load, and how lines are numbered.
        """
        head = Head(self.store, dataset, bucket, key, version)
        path = output + ("input/object.csv.gz" if head.gzip else "input/object.csv")
        self.store.copy(bucket, key, version, path)
        lines = read_lines(self.spark, path, head)
        try:
            counts, written = self.write_by_verdict(dataset, head, lines, output, constants)
            numbers = Lines({row["block"]: row["count"] for row in self.here(written.groupBy("block").count())} if head.blocks > 1 else {0: 0})
            if OPEN_QUOTE in counts:  # the one case that reads a file again
                counts, _ = self.write_by_verdict(dataset, head, joined(lines), output, constants)
        except Exception as error:
            if head.gzip and re.search(r"java\.util\.zip|EOFException|not a gzip|gzip stream|incorrect (header|data) check", str(error)):
                raise damaged(key) from None
            raise
        for reason, refusal in ((LONG, too_long), (NOT_TEXT, not_text), (OPEN_QUOTE, unclosed)):
            if reason in counts:
                self.store.remove(output + ROWS)
                raise refusal(key, numbers.number(counts[reason]["first_line"]))
        return {reason: row["records"] for reason, row in counts.items() if reason != BLANK}, numbers

    def write_by_verdict(self, dataset, head, lines, output, constants):
        """Executes the dataset's query and writes its whole answer, in one pass over the lines.

        A write has one schema, that of the rows to load. So the line, reason and text of what does not load are
        in those of its columns that can hold them, in files of their own, until they are written as JSON.
        """
        raw(without_cr(lines), dataset, head).createOrReplaceTempView(dataset + "_raw")
        verdicts = self.query(dataset + "_checked")
        kinds = {name: kind for name, kind in verdicts.dtypes if name not in ("line", "reason", "record")}
        texts = [name for name, kind in kinds.items() if kind == "string"]
        held = {next(name for name, kind in kinds.items() if kind == "bigint"): "line", texts[0]: "reason", texts[1]: "record"}
        rows = verdicts.selectExpr(
            *[f"CASE WHEN reason IS NULL THEN {name} ELSE {held[name]} END AS {name}" if name in held else name for name in kinds], *constants,
            "CASE WHEN reason IS NULL THEN 'loaded' ELSE 'rejected' END AS verdict", f"shiftright(line, {PLACE_BITS}) AS block")
        # Each block is a partition: what else would be packed with it costs as much as a block.
        packing = "spark.sql.files.maxPartitionBytes", "spark.sql.files.openCostInBytes"
        for setting in packing:
            self.spark.conf.set(setting, BLOCK_BYTES)
        self.write(rows.write.partitionBy("verdict", "block").format("parquet"), output + ROWS)
        for setting in packing:
            self.spark.conf.unset(setting)
        written = self.spark.read.schema(rows.schema).parquet(output + ROWS)
        nothing = [f"CAST(NULL AS {kinds[name]}) AS {what}" for name, what in held.items()]  # of what loads no column is read
        written.where("verdict = 'loaded'").selectExpr(*nothing).unionAll(
            written.where("verdict = 'rejected'").selectExpr(*[f"{name} AS {what}" for name, what in held.items()])).createOrReplaceTempView("checked")
        counts = {row["reason"]: row for row in self.here(self.query("counts"))}
        if None not in counts:  # COPY fails of a prefix without a file
            self.write(rows.drop("verdict", "block").limit(0).write.format("parquet"), output + LOADED)
        return counts, written

    def airports(self, input_prefix):
        """Makes the view airports out of all airports files, once in a run."""
        if self.dimension is None:
            url = self.given["airports"]
            bucket, _ = self.store.place(url)
            files = []  # through the driver, where a broadcast goes as well, so that no plan has the files' plans in it
            for i, (_, key, modified) in enumerate(sorted(self.store.list(url))):
                output = f"{input_prefix}airports-{i}/"
                try:
                    counts, _ = self.check_file("airports", bucket, key, None, output)
                    read = sum(counts.values())
                    faults = read - counts.pop(None, 0)
                    if faults > float(self.given.get("max_airports_reject_ratio", 1)) * read:
                        raise too_many(key, faults, read, counts, self.given["max_airports_reject_ratio"])
                except Refused as refused:  # its own load has failed, and flights need not
                    self.warnings.append("airports without those of " + str(refused))
                    continue
                rows = self.spark.read.schema(AIRPORT_SCHEMA).parquet(output + LOADED).selectExpr(*QUERY_COLUMNS["airports"])
                files += [row | {"modified": float(modified), "source_key": key} for row in self.here(rows)]
            self.table(files, AIRPORT_SCHEMA + ", modified DOUBLE, source_key STRING").createOrReplaceTempView("airports_files")
            self.dimension = self.table(self.here(self.query("airports_newest")), AIRPORT_SCHEMA)
        F.broadcast(self.dimension).createOrReplaceTempView("airports")

    def load(self, load):
        """One object from end to end; the manifest last."""
        self.store.remove(load["staging"])
        try:
            manifest = self.rows_and_rejects(load)
        finally:
            self.store.remove(load["staging"] + "input/")
        self.store.write(load["staging"] + "manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False).encode())
        limit = self.given.get("max_reject_ratio")
        if limit and manifest["reject_ratio"] > float(limit):
            counts = manifest["reasons"]
            raise too_many(load["key"], manifest["rows_rejected"] - counts.get(FILTERED, 0), manifest["rows_read"], counts, limit)
        return manifest

    def rows_and_rejects(self, load):
        """Writes what the manifest, its answer, speaks of."""
        dataset, key, staging = self.given["dataset"], load["key"], load["staging"]
        constants = []
        if dataset == "flights":
            constants.append(f"DATE '{flight_date(key)}' AS flight_date")
            self.airports(staging + "input/")
            minutes = self.given.get("min_dep_delay", "NULL")
            self.spark.sql(f"SELECT CAST({minutes} AS BIGINT) AS min_dep_delay").createOrReplaceTempView("settings")
        counts, numbers = self.check_file(dataset, load["bucket"], key, load["version"], staging, constants)
        loaded = counts.pop(None, 0)
        rejected = sum(counts.values())
        if rejected:
            faulty = self.query("rejects").where(F.col("reason") != BLANK)
            self.write(faulty.withColumn("line", numbers.expression()).write.format("json"), staging + "rejects")
        self.store.remove(staging + REJECTED)
        self.store.remove_markers(staging + ROWS)
        faults, read = rejected - counts.get(FILTERED, 0), loaded + rejected
        return {
            "load_id": load["load_id"], "dataset": dataset,
            "source": {name: load[name] for name in ("bucket", "key", "version")},
            "rows_read": read, "rows_loaded": loaded, "rows_rejected": rejected,
            "reject_ratio": faults / read if read else 0, "reasons": counts,
            "files": self.written(staging, LOADED), "reject_files": self.written(staging, "rejects/"),
        } | ({"warnings": self.warnings} if self.warnings else {})

    def write(self, writer, url):
        # COPY takes whatever is under the prefix for Parquet, so there is to be no _SUCCESS.
        writer.mode("overwrite").option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false").save(url)

    def written(self, staging, directory):
        return sorted(directory + name for name, _, _ in self.store.list(staging + directory))


def main(argv):
    given = arguments(argv)
    store = S3() if given["sql"].startswith("s3://") else Files()
    job = Job(SparkSession.builder.appName("ingest").getOrCreate(), store, given)
    failed = []
    for load in loads(given, store):
        try:
            manifest = job.load(load)
            print(json.dumps(manifest, ensure_ascii=False))
        except Refused as refused:
            failed.append(str(refused))
    if failed:
        raise SystemExit("\n".join(failed))


if __name__ == "__main__":
    main(sys.argv[1:])
