"""The Glue job: one version of a raw object in, the rows to load, the rejects and a manifest out.

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

Everything that decides about rows is in the SQL files, which DuckDB executes as well; how files are written, what their columns
are called and what is said of those that are refused is in contract.json beside them. This file
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
from datetime import date, timedelta

from pyspark.sql import SparkSession, functions as F

DATASETS = ("flights", "airports")
FILTERED = "below minDepDelay"  # the one reason that is no fault
MAX_RECORD_BYTES = 1 << 20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

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

ARGUMENTS = {"dataset", "bucket", "key", "version", "load_id", "objects", "run", "staging", "airports", "sql", "min_dep_delay", "max_reject_ratio", "max_airports_reject_ratio",
             "max_early", "max_late", "first_day", "last_day", "round_trips"}
LOAD_ID = "[0-9A-Za-z_-]+"

# What objects are files by their keys: by their endings, unless a name on the way begins with "_" or ".".
FILE, HIDDEN = re.compile(r"\.csv(\.gz)?\Z", re.IGNORECASE), re.compile(r"(^|/)(_|\.([^./]|\.[^/]))")


# What becomes of a batch, in the folder of its list, and how much its summary says: see etl/batch.go.
BATCH_ROWS, BATCH_ENTRIES, BATCH_FILES, BATCH_SUMMARY = "loads/", "entries/loaded.json", "files.json", "batch.json"
TOLD, TOLD_BYTES, TOLD_COLUMNS, MAX_COLUMN_NAME = 20, 1000, 50_000, 255
UNREADABLE = "unreadable object"


class Unreadable(Exception):
    """An object of which its store says that it is not there, or not for this job."""


class Refused(Exception):
    """A raw file that breaks the contract as a whole; none of its rows load."""

    def __init__(self, key, line, code, what, fix):
        super().__init__(f"{key}:{line}: {what}; {fix}" if line else f"{key}: {what}; {fix}")
        self.code, self.manifest = code, None  # the manifest of a file whose rows were counted
        self.columns = []  # the names in the header of one whose header was read


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


def loads(given, store):
    """The loads of a run: one, or those of a batch's list. Each has its manifest and its rejects below staging, its rows below rows."""
    if "objects" not in given:
        names = ("bucket", "key", "version", "load_id")
        return [{name: given[name] for name in names} | {"staging": given["staging"], "rows": given["staging"]}]
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
    run = given["run"] + "/" if "run" in given else ""
    return [item | {"staging": f"{given['staging']}{item['load_id']}/{run}", "rows": f"{folder(given)}{BATCH_ROWS}{item['load_id']}/"} for item in listed]


def folder(given):
    """The folder of a batch's list."""
    return given["objects"].rpartition("/")[0] + "/"


def a_day(text):
    """The day that a text as YYYY-MM-DD is, or None."""
    try:
        return date.fromisoformat(text) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


# --- The contract: how files are written, and what is said of those that are not ------------------


class Contract:
    def __init__(self, text):
        for name, value in json.loads(text).items():
            setattr(self, name, value)
        self.blanks = " \t" + "".join(chr(c) for first, last in self.invisible for c in range(max(first, 0xa0), last + 1))

    def refuse(self, name, key, line, **values):
        """The refusal of that name, of an object and from a line on (0: of all of it)."""
        message = self.messages[name]
        return Refused(key, line, message["code"], message["what"].format(**values), message["fix"].format(**values))

    def not_utf8(self, key, line, byte):
        """The refusal of a file for a byte that is no UTF-8, or that text does not have."""
        if byte == 0:
            return self.refuse("NUL", key, line)
        encoding = "Windows-1252" if byte < 0xa0 else "Latin-1 or Windows-1252"  # of ISO 8859-1 the former are control characters
        return self.refuse("not UTF-8", key, line, byte=f"0x{byte:02x}", encoding=encoding, iconv="WINDOWS-1252")

    def too_many(self, key, faults, read, reasons, limit):
        shown = json.dumps(reasons, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return self.refuse("too many rejects", key, 0, faults=faults, read=read, limit=limit, reasons=shown)

    def shown(self, text):
        """The beginning of a text in quotes, so that every character of it can be seen."""
        def seen(c):
            if c in '"\\':
                return "\\" + c
            if c in "\n\r\t":
                return {"\n": r"\n", "\r": r"\r", "\t": r"\t"}[c]
            return f"\\u{ord(c):04x}" if any(first <= ord(c) <= last for first, last in self.invisible) else c
        return '"' + "".join(map(seen, text[:120])) + "..." * (len(text) > 120) + '"'

    def flight_days(self, key):
        """The first and last day of those that a key's partition date=YYYY-MM-DD or month=YYYY-MM names."""
        found = [s for s in key.split("/")[:-1] if s.startswith(("date=", "month="))]
        if not found:
            raise self.refuse("no partition", key, 0)
        if len(found) > 1:
            raise self.refuse("several", key, 0, partitions=", ".join(found))
        name, _, value = found[0].partition("=")
        if name == "date":
            day = a_day(value)
            if not day:
                raise self.refuse("bad partition", key, 0, partition=found[0], unit="day", form="YYYY-MM-DD")
            return day, day
        first = a_day(value + "-01")
        if not first:
            raise self.refuse("bad partition", key, 0, partition=found[0], unit="month", form="YYYY-MM")
        last = first
        while last < date.max and (last + timedelta(1)).month == first.month:
            last += timedelta(1)
        return first, last

    def spellings(self, first, last):
        """Every way in which a file may write one of the days, and the day: {text: day}."""
        texts, day = {}, first
        while True:
            for form in self.day_forms:
                texts[form.format(yyyy=f"{day.year:04}", yy=f"{day.year % 100:02}", mm=f"{day.month:02}", m=day.month, dd=f"{day.day:02}", d=day.day)] = day
            if day == last:
                return texts
            day += timedelta(1)


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
        try:
            found = self.client.get_object(Bucket=bucket, Key=key, **extra)
        except self.client.exceptions.ClientError as error:
            raise self.unreadable(error) from None
        return found["Body"], found["ContentLength"]

    @staticmethod
    def unreadable(error):
        """What S3 answers about the object itself, as no such key or no access; what may pass is an error of the run."""
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return Unreadable(str(error)) if 400 <= status < 500 and status != 429 else error

    def copy(self, bucket, key, version, url):
        """Copies one version, inside S3, under a name that is ours: Spark cannot name a version."""
        to_bucket, to_key = self.place(url)
        source = {"Bucket": bucket, "Key": key} | ({"VersionId": version} if version else {})
        plain = {"MetadataDirective": "REPLACE", "TaggingDirective": "REPLACE"}  # tags would need a further permission
        try:
            self.client.copy(source, to_bucket, to_key, ExtraArgs=plain)
        except self.client.exceptions.ClientError as error:
            raise self.unreadable(error) from None

    def remove(self, url):
        """Removes all that is under a prefix."""
        self.delete(url, "")

    def remove_markers(self, url):
        """Removes what Hadoop leaves where it made a directory: empty objects, which COPY would take for Parquet."""
        self.delete(url, self.MARKERS)

    def remove_but(self, url, but):
        """Removes all that is under a prefix, except for one object."""
        self.delete(url, "", self.place(but)[1])

    def delete(self, url, endings, but=None):
        bucket, _ = self.place(url)
        for item in self.items(url):
            if item["Key"].endswith(endings) and item["Key"] != but:
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
        try:
            return open(path, "rb"), os.path.getsize(path)
        except OSError as error:
            raise Unreadable(str(error)) from None

    def copy(self, bucket, key, version, url):
        os.makedirs(os.path.dirname(self.path(url)), exist_ok=True)
        shutil.copyfile(os.path.join(self.path(bucket), key), self.path(url))

    def remove(self, url):
        shutil.rmtree(self.path(url), ignore_errors=True)

    def remove_but(self, url, but):
        for name in (BATCH_ROWS, BATCH_ENTRIES, BATCH_FILES, BATCH_SUMMARY):
            self.remove(url + name)
            if os.path.exists(self.path(url + name)):
                os.remove(self.path(url + name))

    def remove_markers(self, url):
        pass  # a directory is one


# --- The beginning of a file: what it is, and its header -----------------------------------------


class Head:
    """What the first bytes of an object say: compression, and where the contract's columns are.

    days are those of the key of flights, None for others.
    """

    def __init__(self, contract, store, dataset, bucket, key, version, days=None):
        self.contract, self.form, self.key, self.days = contract, contract.datasets[dataset], key, days
        stream, size = store.open(bucket, key, version)
        try:
            first = stream.read(1 << 16)
            self.gzip = first[:2] == b"\x1f\x8b"
            self.blocks = 1 if self.gzip else -(-size // BLOCK_BYTES)  # gzip cannot be read from its middle
            text = self.inflated(first, stream) if self.gzip else self.more(first, stream)
        finally:
            stream.close()
        self.check_kind(text)
        header = self.header(text.removeprefix(BYTE_ORDER_MARK))
        names, state = header[3:5]
        self.columns = [name.strip(" \t") for name in names] if state == "balanced" else []
        try:
            self.layout(*header)
        except Refused as refused:
            refused.columns = self.columns
            raise

    def refuse(self, name, line, **values):
        return self.contract.refuse(name, self.key, line, **values)

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
            raise self.refuse("gzip", 0) from None
        if not part and not inflate.eof:
            raise self.refuse("gzip", 0)
        return text

    def check_kind(self, text):
        """Refuses what is known for something else than CSV."""
        begin = text[:4096]
        word = begin.removeprefix(BYTE_ORDER_MARK).lstrip(b" \t\r\n").lower()
        for kind in self.contract.kinds:
            magic, starts, has = bytes.fromhex(kind.get("hex", "")), kind.get("word", "").encode(), kind.get("has", "").encode()
            if begin.startswith(magic) and word.startswith(starts) and has in begin:
                inside = self.gzip and kind["name"] != "gzip in gzip"
                raise self.refuse("kind in gzip" if inside else "kind", 0, kind=kind["name"], fix=kind["fix"])
        encoding = wide_encoding(begin)
        if encoding:
            raise self.refuse("UTF-16", 1, encoding=encoding)

    def header(self, text):
        """The first record: its line, the line it ends on, its text, its fields, how its quotes end, and the lines after it."""
        lines = io.BytesIO(text)
        for number, line in enumerate(lines, 1):
            line = line.removesuffix(b"\n")
            record = line.removesuffix(b"\r")
            if not record:
                continue
            end = number
            fields, state = split(record)
            while state == "open" and len(line) <= MAX_RECORD_BYTES:
                following = lines.readline()
                if not following:
                    raise self.refuse("unclosed quote", number)
                end += 1
                line += b"\n" + following.removesuffix(b"\n")
                if following.count(b'"') % 2 == 1:
                    record = line.removesuffix(b"\r")
                    fields, state = split(record)
                    break
            if len(line) > MAX_RECORD_BYTES:
                raise self.refuse("too long", number)
            byte = bad_byte(record)
            if byte is not None:
                raise self.contract.not_utf8(self.key, number, byte)
            names = [f.decode("utf-8") for f in (fields if state == "balanced" else [record])]
            return number, end, record.decode("utf-8"), names, state, lines.read()
        raise self.refuse("empty", 0)

    def layout(self, line, end, text, names, state, rest):
        """Finds the columns, or says what is wrong."""
        found, missing, repeated = self.find(names)
        if missing:
            raise self.explain(line, end, text, names, state, rest, found, missing)
        if repeated:
            raise self.refuse("repeated", line, s="s" * (len(repeated) > 1), repeated=", ".join(repeated))
        if self.days and self.days[0] != self.days[1] and not found["day"]:
            raise self.refuse("no day", line, month=self.days[0].isoformat()[:7], start=self.contract.shown(text))
        self.positions, self.optional, self.day, self.coded = found["positions"], found["optional"], found["day"], found["coded"]
        self.fields, self.lines = len(names), end

    def find(self, header):
        """Looks the columns up in a header: where they are, what is missing as the contract names it, and what is there twice."""
        places, form = {}, self.form
        for i, name in enumerate(header):
            places.setdefault(plain_name(name), []).append(i)

        def positions(columns):
            return [next((places[plain_name(name)][0] for name in [c["name"], *c.get("aliases", [])] if plain_name(name) in places), -1) for c in columns]

        columns, coded = positions(form["columns"]), False
        codes = {c["as"]: at for c, at in zip(form.get("codes", []), positions(form.get("codes", [])))}
        ids = [at for c, at in zip(form["columns"], columns) if c["as"] in codes]
        if codes and -1 not in codes.values() and max(ids) < 0:
            columns, coded = [codes.get(c["as"], at) for c, at in zip(form["columns"], columns)], True
        ways = [positions(way) for way in form.get("days", [])]
        day = next((way for way in ways if -1 not in way), [])
        optional = positions(form.get("optional", []))
        missing = [c["name"] for c, at in zip(form["columns"], columns) if at < 0]
        repeated = [header[at] for at in columns + optional + day if at >= 0 and len(places[plain_name(header[at])]) > 1]
        return {"positions": columns, "optional": optional, "day": day, "coded": coded}, missing, repeated

    def explain(self, line, end, text, names, state, rest, found, missing):
        """Why the first record is no header of the contract, or which columns it lacks."""
        start, columns = self.contract.shown(text), [c["name"] for c in self.form["columns"]]
        if re.fullmatch('"?[sS][eE][pP]=.?"?', text):
            return self.refuse("sep", line, start=start)
        if "\r" in text and self.has(text.split("\r")[0]):
            return self.refuse("line ends", line, start=start)
        if state != "balanced" and self.has(re.sub('"[ \t]+,', '",', re.sub(',[ \t]+"', ',"', text))):
            return self.refuse("blanks at quotes", line, start=start)
        separator = self.separator(text)
        if separator:
            return self.refuse("separator", line, separator=separator, start=start)
        header, separator = self.later(end, rest)
        if header:
            return self.refuse("title, separator" if separator else "title", line, header=header, start=start, separator=separator)
        if state != "balanced":
            return self.refuse("quotes", line, start=start)
        nearest, name, separator = self.nearest(names, found, missing), "missing", self.separated(text)
        if len(missing) == len(columns) and nearest.count(" ~ ") < 2:
            nearest = ""  # one of another table's names is near by chance
        if nearest:
            name = "misspelt"
        elif len(missing) == len(columns):
            data = any(re.fullmatch(r"[+-]?[0-9]+(\.[0-9]*)?", f.strip(" \t")) for f in names)
            name = "separator" if separator else "no header" if data else "other header"
        return self.refuse(name, line, s="s" * (len(missing) > 1), missing=", ".join(missing), columns=",".join(columns),
                           it="it" if len(missing) == 1 else "them", start=start, nearest=nearest, separator=separator)

    def has(self, text):
        """Whether a text is a header with all columns."""
        fields, state = split(text.removesuffix("\r").encode())
        return state == "balanced" and not self.find([f.decode() for f in fields])[1]

    def separator(self, text):
        """What a header's fields are separated by when it is not commas: split there, it has at least two of the columns."""
        for s in self.contract.separators:
            fields = [f.strip(" \t").strip('"') for f in text.split(s["text"])]
            if len(self.find(fields)[1]) <= len(self.form["columns"]) - 2:
                return s["name"]
        return ""

    def separated(self, text):
        """What a line without commas and names is separated by: what makes as many fields of it as the contract has columns."""
        for s in self.contract.separators:
            if s["text"] not in (" ", ":") and "," not in text and text.count(s["text"]) >= len(self.form["columns"]) - 1:
                return s["name"]
        return ""

    def later(self, end, rest):
        """Looks for the header in the next lines, below a title or a comment: its line, and its separator if it is no comma."""
        lines = io.BytesIO(rest)
        for number in range(end + 1, end + 21):
            line = lines.readline().removesuffix(b"\n")
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                break
            if self.has(text):
                return number, ""
            separator = self.separator(text.removesuffix("\r"))
            if separator:
                return number, separator
        return 0, ""

    def nearest(self, names, found, missing):
        """Pairs missing columns with the header's names that are likely meant: "DEP_DELAYS ~ DepDelay, ..."."""
        used, pairs = {*found["positions"], *found["optional"], *found["day"]}, []
        for c in self.form["columns"]:
            if c["name"] not in missing:
                continue
            unlike, best = {plain_name(u) for u in c.get("unlike", [])}, None
            for i, name in enumerate(names):
                changes = None if i in used or plain_name(name) in unlike else nearness(letters(name), c)
                if changes is not None and (best is None or changes < best[0]):
                    best = changes, i
            if best:
                used.add(best[1])
                pairs.append(f"{self.bare(names[best[1]])} ~ {c['name']}")
        return ", ".join(pairs)

    def bare(self, name):
        """A name without quotes, if all of it can be seen without."""
        return name if re.fullmatch("[0-9A-Za-z_.()#/-]+( [0-9A-Za-z_.()#/-]+)*", name) else self.contract.shown(name)


def wide_encoding(begin):
    """The encoding of a text whose characters have two or four bytes each, or None."""
    for mark, encoding in ((b"\xff\xfe\0\0", "UTF-32"), (b"\0\0\xfe\xff", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16")):
        if begin.startswith(mark):
            return encoding
    if len(begin) >= 16 and sorted((begin[:16:2].count(0), begin[1:16:2].count(0))) == [0, 8]:  # half of each of the first ASCII characters
        return "UTF-16"
    return None


def bad_byte(text):
    """The first byte that text in UTF-8 does not have, or None."""
    try:
        text.decode("utf-8")
        wrong = len(text)
    except UnicodeDecodeError as error:
        wrong = error.start
    zero = text.find(b"\0")
    if 0 <= zero < wrong:
        return 0
    return text[wrong] if wrong < len(text) else None


def plain_name(name):
    """A name as it is compared: ASCII letters without case, no blanks around."""
    return re.sub("[A-Z]", lambda m: m[0].lower(), name.strip(" \t"))


def letters(name):
    """A name's ASCII letters and digits, in lower case."""
    return re.sub("[^0-9a-z]+", "", plain_name(name))


def nearness(name, column):
    """How many changes make a name one of the column's, or None if it is not near enough to be meant.

    That is a third of its letters changed, or one an abbreviation of the other, with the same first letter.
    """
    best = None
    for known in map(letters, [column["name"], *column.get("aliases", [])]):
        changes = distance(name, known)
        if changes * 3 <= len(known) or len(name) >= 4 and name[0] == known[0] and (abbreviates(name, known) or abbreviates(known, name)):
            best = changes if best is None else min(best, changes)
    return best


def abbreviates(short, long):
    """Whether all letters of short are in long, in this order."""
    rest = iter(long)
    return all(letter in rest for letter in short)


def distance(a, b):
    """Levenshtein's."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], min(diagonal + (x != y), row[j] + 1, row[j - 1] + 1)
    return row[-1]


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


def value(field, blanks=None):
    """An SQL expression: a field's value, that is the field without its quotes, doubled ones single, without blanks around it.

    blanks are those of a text; numbers have blanks and tabs.
    """
    text = f"""CASE WHEN startswith({field}, '"') THEN replace(substring({field}, 2, length({field}) - 2), '""', '"') ELSE {field} END"""
    if blanks:
        return rf"CASE WHEN contains({text}, '\t') OR octet_length({text}) > length({text}) THEN trim(BOTH '{blanks}' FROM {text}) ELSE trim({text}) END"
    return rf"CASE WHEN contains({text}, '\t') THEN trim(BOTH ' \t' FROM {text}) ELSE trim({text}) END"


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


def raw(records, head):
    """What the first query reads: each record with its contract's columns as texts, or why it has none."""
    fields = records.withColumn("field", F.expr(FIELDS))
    fault = rf"""CASE
        WHEN record = '' THEN '{BLANK}'
        WHEN octet_length(record) > {MAX_RECORD_BYTES} THEN '{LONG}'
        WHEN contains(record, '\0') OR decode(CAST(record AS BINARY), 'UTF-8') <> record THEN '{NOT_TEXT}'
        WHEN {HAS_QUOTE} AND NOT ({IN_PLACE} OR contains(record, '\n') AND {OPEN}) THEN '{MALFORMED}'
        WHEN {HAS_QUOTE} AND {OPEN} THEN '{OPEN_QUOTE}'
        WHEN size(field) <> {head.fields} THEN '{RAGGED}' END"""

    def text(i, column={}):
        return "CAST(NULL AS STRING)" if i < 0 else value(f"get(field, {i})", head.contract.blanks if column.get("text") else None)

    columns = [f"{text(i, c)} AS {c['as']}" for c, i in zip(head.form["columns"], head.positions)]
    columns += [f"{text(i, c)} AS {c['as']}" for c, i in zip(head.form.get("optional", []), head.optional)]
    if head.day:
        columns.append(" || '-' || ".join(text(i) for i in head.day) + " AS day")
    elif head.days:
        columns.append(f"DATE '{head.days[0]}' AS flight_date")
    return fields.selectExpr("line", "record", f"{fault} AS fault", *columns)


def chain(dataset, head):
    """The views between a file and its verdicts, each with the query that reads it. Files that say less need fewer."""
    steps = [(dataset + "_raw", dataset + "_checked")]
    if head.coded:
        steps.insert(0, ("flights_dated", "flights_codes"))
    if head.day:
        steps.insert(0, ("flights_split", "flights_days"))
    return steps


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
        self.contract = Contract(store.read(given["sql"] + "contract.json"))
        self.warnings, self.dimension = [], None

    def query(self, name):
        return self.spark.sql(self.store.read(self.given["sql"] + name + ".sql").decode("utf-8"))

    def here(self, frame):
        """A small frame's rows, brought to the driver."""
        return [row.asDict() for row in frame.coalesce(1).toLocalIterator()]

    def table(self, rows, columns):
        """What the driver has, without the Python workers that createDataFrame takes, on every use."""
        return self.spark.sql(f"SELECT inline(from_json(:rows, 'ARRAY<STRUCT<{columns}>>'))", {"rows": json.dumps(rows)})

    def check_file(self, dataset, bucket, key, version, output, workspace, days=None, keep=(), load_id=None):
        """Writes every record of a raw file below output, by verdict, and makes the view checked of what was written.

        workspace is for the file itself, and load_id stands in each row. keep are columns to write beside those of the rows to load. Answers how many records have which reason, None for
        those that load, how lines are numbered, and the file's head.
        """
        head = Head(self.contract, self.store, dataset, bucket, key, version, days)
        path = workspace + ("object.csv.gz" if head.gzip else "object.csv")
        self.store.copy(bucket, key, version, path)
        lines = read_lines(self.spark, path, head)
        try:
            counts, written = self.write_by_verdict(dataset, head, lines, output, keep, load_id)
            numbers = Lines({row["block"]: row["count"] for row in self.here(written.groupBy("block").count())} if head.blocks > 1 else {0: 0})
            if OPEN_QUOTE in counts and NOT_TEXT not in counts:  # the one case that reads a file again
                counts, _ = self.write_by_verdict(dataset, head, joined(lines), output, keep, load_id)
        except Exception as error:
            if head.gzip and re.search(r"java\.util\.zip|EOFException|not a gzip|gzip stream|incorrect (header|data) check", str(error)):
                refused = self.contract.refuse("gzip", key, 0)
                refused.columns = head.columns
                raise refused from None
            raise
        for reason, name in ((LONG, "too long"), (NOT_TEXT, None), (OPEN_QUOTE, "unclosed quote")):
            if reason in counts:
                first = counts[reason]["first_line"]
                refused = self.contract.refuse(name, key, numbers.number(first)) if name else self.not_text(key, first, numbers)
                refused.columns = head.columns
                self.store.remove(output + ROWS)
                raise refused
        return {reason: row["records"] for reason, row in counts.items() if reason != BLANK}, numbers, head

    def not_text(self, key, first, numbers):
        """The refusal of the file of the view checked, for what is in the record of that code."""
        record = self.here(self.query("rejects").where(F.col("line") == first).selectExpr("hex(CAST(record AS BINARY)) AS bytes"))
        return self.contract.not_utf8(key, numbers.number(first), bad_byte(bytes.fromhex(record[0]["bytes"])))

    def write_by_verdict(self, dataset, head, lines, output, keep, load_id):
        """Executes the dataset's query and writes its whole answer, in one pass over the lines.

        A write has one schema, that of the rows to load. So the line, reason and text of what does not load are
        in those of its columns that can hold them, in files of their own, until they are written as JSON.
        """
        verdicts = raw(without_cr(lines), head)
        if head.day:
            spelled = [{"text": text, "flight_date": day.isoformat()} for text, day in self.contract.spellings(*head.days).items()]
            F.broadcast(self.table(spelled, "text STRING, flight_date DATE")).createOrReplaceTempView("days")
        *before, last = chain(dataset, head)
        for view, query in before:
            verdicts.createOrReplaceTempView(view)
            verdicts = self.query(query)
        # Java compiles methods of up to 8,000 bytes, and Spark makes one of a whole stage. What ends a stage and moves nothing is
        # to have as many partitions as there are.
        verdicts.coalesce(head.blocks).createOrReplaceTempView(last[0])
        verdicts = self.query(last[1])
        names = [row["name"] for row in head.form["rows"]] + list(keep)
        kinds = {name: kind for name, kind in verdicts.dtypes if name in names}
        texts = [name for name, kind in kinds.items() if kind == "string"]
        held = {next(name for name, kind in kinds.items() if kind == "bigint"): "line", texts[0]: "reason", texts[1]: "record"}
        rows = verdicts.selectExpr(
            *[f"CASE WHEN reason IS NULL THEN {name} ELSE {held[name]} END AS {name}" if name in held else name for name in kinds],
            *([f"'{load_id}' AS load_id"] if load_id else []),
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
            form = self.contract.datasets["airports"]
            keep = [c["as"] for c in form["optional"]]
            columns = ", ".join([f"{row['name']} {row['type']}" for row in form["rows"]] + [f"{name} STRING" for name in keep])
            files = []  # through the driver, where a broadcast goes as well, so that no plan has the files' plans in it
            present = sorted(item for item in self.store.list(url) if FILE.search(item[1]) and not HIDDEN.search(item[1]))
            for i, (_, key, modified) in enumerate(present):
                output = f"{input_prefix}airports-{i}/"
                try:
                    counts, _, _ = self.check_file("airports", bucket, key, None, output, output + "input/", keep=keep)
                    read = sum(counts.values())
                    faults = read - counts.pop(None, 0)
                    if faults > float(self.given.get("max_airports_reject_ratio", 1)) * read:
                        raise self.contract.too_many(key, faults, read, counts, self.given["max_airports_reject_ratio"])
                except Refused as refused:  # its own load has failed, and flights need not
                    self.warnings.append("airports without those of " + str(refused))
                    continue
                except Unreadable as error:  # which is no fault of the flights
                    raise RuntimeError(f"{key}: the airports cannot be read: {error}") from None
                rows = self.spark.read.schema(columns).parquet(output + LOADED)
                files += [row | {"modified": float(modified), "source_key": key} for row in self.here(rows)]
            self.table(files, columns + ", modified DOUBLE, source_key STRING").createOrReplaceTempView("airports_files")
            newest = self.here(self.query("airports_newest"))
            self.codes, self.dimension = any(row[name] for row in newest for name in keep), self.table(newest, columns)
        F.broadcast(self.dimension).createOrReplaceTempView("airports")

    def load(self, load):
        """One object from end to end; the manifest last."""
        self.store.remove(load["staging"])
        try:
            manifest = self.rows_and_rejects(load)
        finally:
            self.store.remove(load["staging"] + "input/")
        limit, refused = self.given.get("max_reject_ratio"), None
        if limit and manifest["reject_ratio"] > float(limit):
            counts = manifest["reasons"]
            refused = self.contract.too_many(load["key"], manifest["rows_rejected"] - counts.get(FILTERED, 0), manifest["rows_read"], counts, limit)
            refused.manifest = manifest
            if load["rows"] != load["staging"]:  # nobody is to load them
                self.store.remove(load["rows"])
                manifest["files"] = []
        self.store.write(load["staging"] + "manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False).encode())
        if refused:
            raise refused
        return manifest

    def batch(self):
        """All objects of a list; what became of each is told beside the list, the summary last."""
        listed, place = loads(self.given, self.store), folder(self.given)
        self.store.remove_but(place, self.given["objects"])  # an earlier try of this run may have left something
        outcomes, entries = [], []
        for load in listed:
            manifest, error, cause, columns = {}, None, None, []
            try:
                manifest = self.load(load)
            except Refused as refused:
                manifest, error, cause, columns = refused.manifest or {}, refused.code, str(refused), refused.columns
                self.store.remove(load["rows"])
            except Unreadable as unreadable:
                error = UNREADABLE
                cause = f"{load['key']}: the object cannot be read: {unreadable}; upload it again, or see whether the job's role may read it"
            outcome = {name: load[name] for name in ("key", "version", "load_id")}
            outcome |= {name: manifest.get(name, 0) for name in ("rows_read", "rows_loaded", "rows_rejected", "reject_ratio")}
            outcome |= {"reasons": manifest.get("reasons")} | ({"warnings": manifest["warnings"]} if "warnings" in manifest else {})
            columns = manifest.get("columns", columns)
            outcome |= {"columns": columns} if columns else {}
            if error:
                outcome |= {"rows_loaded": 0, "error": error, "cause": cause}
            else:
                entries.append({"load_id": load["load_id"], "source_key": load["key"], "version": load["version"], "event_time": load.get("event_time"),
                                "observed_at": load.get("observed_at"), "status": "loaded"} | {name: outcome[name] for name in ("rows_read", "rows_loaded", "rows_rejected")})
            outcomes.append(outcome)
        self.store.remove_markers(place + BATCH_ROWS)
        for name, values in ((BATCH_ENTRIES, entries), (BATCH_FILES, outcomes), (BATCH_SUMMARY, [summary(outcomes)])):
            if values:
                self.store.write(place + name, "".join(json.dumps(v, ensure_ascii=False) + "\n" for v in values).encode())
        return outcomes

    def rows_and_rejects(self, load):
        """Writes what the manifest, its answer, speaks of."""
        dataset, key, staging = self.given["dataset"], load["key"], load["staging"]
        if HIDDEN.search(key):
            raise self.contract.refuse("hidden", key, 0)
        days = None
        if dataset == "flights":
            days = self.contract.flight_days(key)
            self.airports(staging + "input/")
            self.settings().createOrReplaceTempView("settings")
        counts, numbers, head = self.check_file(dataset, load["bucket"], key, load["version"], load["rows"], staging + "input/", days, load_id=load["load_id"])
        warnings = list(self.warnings)
        if head.coded and not self.codes:
            warnings.append(self.contract.warnings["without codes"])
        loaded = counts.pop(None, 0)
        rejected = sum(counts.values())
        if rejected:
            faulty = self.query("rejects").where(F.col("reason") != BLANK)
            self.write(faulty.withColumn("line", numbers.expression()).write.format("json"), staging + "rejects")
        self.store.remove(load["rows"] + REJECTED)
        self.store.remove_markers(load["rows"] + ROWS)
        faults, read = rejected - counts.get(FILTERED, 0), loaded + rejected
        return {
            "load_id": load["load_id"], "dataset": dataset,
            "source": {name: load[name] for name in ("bucket", "key", "version")},
            "rows_read": read, "rows_loaded": loaded, "rows_rejected": rejected,
            "reject_ratio": faults / read if read else 0, "reasons": counts,
            "files": self.written(load["rows"], LOADED), "reject_files": self.written(staging, "rejects/"),
        } | ({"rows": load["rows"]} if load["rows"] != staging else {}) | ({"columns": head.columns} if head.columns else {}) | ({"warnings": warnings} if warnings else {})

    def settings(self):
        """The run's own values, where queries find them."""
        limits = self.contract.limits | self.given
        return self.spark.sql(f"""SELECT CAST({self.given.get('min_dep_delay', 'NULL')} AS BIGINT) AS min_dep_delay,
            CAST({limits['max_early']} AS BIGINT) AS max_early, CAST({limits['max_late']} AS BIGINT) AS max_late,
            DATE '{limits['first_day']}' AS first_day, DATE '{limits['last_day']}' AS last_day,
            CAST('{limits['round_trips']}' AS BOOLEAN) AS round_trips""")

    def write(self, writer, url):
        # COPY takes whatever is under the prefix for Parquet, so there is to be no _SUCCESS.
        writer.mode("overwrite").option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false").save(url)

    def written(self, staging, directory):
        return sorted(directory + name for name, _, _ in self.store.list(staging + directory))


def summary(outcomes):
    """What became of a batch in short: counts, and the first files of either kind."""
    def first(some):
        return [{name: clipped(value) if name == "cause" else value for name, value in o.items() if name != "columns"} for o in some[:TOLD]]

    good, bad = [o for o in outcomes if "error" not in o], [o for o in outcomes if "error" in o]
    return {
        "files": len(outcomes), "loaded": len(good), "failed": len(bad), "measured": sum(o["reasons"] is not None for o in outcomes),
        **{name: sum(o[name] for o in outcomes) for name in ("rows_read", "rows_loaded", "rows_rejected")},
        "reject_ratio": max([o["reject_ratio"] for o in outcomes], default=0), "columns": columns_of(outcomes), "loads": first(good), "failures": first(bad),
    }


def columns_of(outcomes):
    """The names in the headers of all files, each once, as far as a table of the catalog can have them."""
    names, size = [], 0
    seen = {""}  # the catalog gives a column without a name one of its own
    for name in (name for o in outcomes for name in o.get("columns", [])):
        if name in seen or len(name.encode()) > MAX_COLUMN_NAME:
            continue
        seen.add(name)
        size += len(name.encode())
        if size > TOLD_COLUMNS:
            break
        names.append(name)
    return names


def clipped(text):
    """The beginning of a message, in whole characters."""
    start = text.encode()
    return text if len(start) <= TOLD_BYTES else start[:TOLD_BYTES].decode("utf-8", "ignore") + "..."


def main(argv):
    given = arguments(argv)
    store = S3() if given["sql"].startswith("s3://") else Files()
    if "objects" in given:
        loads(given, store)  # what is wrong with the list is told before any session is made
    job = Job(SparkSession.builder.appName("ingest").getOrCreate(), store, given)
    if "objects" in given:
        outcomes = job.batch()
        for outcome in outcomes:
            print(json.dumps(outcome, ensure_ascii=False))
        for outcome in summary(outcomes)["failures"]:  # where Glue keeps a run's errors
            print(f"{outcome['error']}: {outcome['cause']}", file=sys.stderr)
        return
    try:
        print(json.dumps(job.load(loads(given, store)[0]), ensure_ascii=False))
    except Refused as refused:
        raise SystemExit(job.contract.refused.format(code=refused.code) + str(refused)) from None
    except Unreadable as error:
        raise SystemExit(f"{given['key']}: the object cannot be read: {error}") from None


if __name__ == "__main__":
    main(sys.argv[1:])
