"""The Glue job on Spark, for batches that are too big for one small machine. airline_arguments.py tells what it takes and what it writes.

Everything that decides about rows is in the SQL files, which DuckDB executes as well; how files are written, what their columns
are called and what is said of those that are refused is in contract.json beside them. What is the same whatever executes the queries
is in the modules airline_*.py; this file
only reads lines, splits them into fields, and writes what the queries answer. It goes over a file once, twice if quoted fields have
line breaks, and needs no awsglue: in Glue the session is the job's, elsewhere (s3:// becoming file://) a local one.

Of a batch, the files of one shape go through the queries together, each in the place of a block: what Spark takes for a query, it takes for all of them
once. What is wrong with a file as a whole is found out by reading that one alone.
"""

import json
import re
import sys
from concurrent.futures import ThreadPoolExecutor

from pyspark.sql import SparkSession, functions as F

from airline_contract import BLANK, HIDDEN, LONG, MALFORMED, MAX_RECORD_BYTES, NOT_TEXT, OPEN_QUOTE, RAGGED, Refused
from airline_head import Head
from airline_objects import Unreadable
from airline_run import BATCH_ROWS, LOADED, REJECTS, ROWS, Run, folder, main

# A file is read in blocks of this size, each a Spark partition of its own, so that a line is known
# by its block's number and its place in the block.
BLOCK_BYTES = 32 << 20
PLACE_BITS = 33
PLACE_MASK = (1 << PLACE_BITS) - 1

# How many files are checked together, how many rejected records of one of them are held in memory, and how many files are looked at, copied and
# written about at a time.
TOGETHER = 1000
HELD = 1000
TRANSFERS = 16

# Beside the rows that load are the other records, until they have become JSON.
REJECTED = ROWS + "verdict=rejected/"


# --- Lines, records, fields ----------------------------------------------------------------------


def read_lines(spark, path, head, block_bytes):
    """All lines of a file: their code (block and place in it) and text, the CR of a CRLF included. Of a folder of files, each of which has a block at most, the
    number that a file is called counts as its block.

    The header's lines stay, as blank ones: lines are counted by what is here.
    """
    first = "block = 0"
    block = F.expr(f"_metadata.file_block_start DIV {block_bytes}")
    if path.endswith("/"):
        first, block = "TRUE", F.expr("CAST(substring_index(_metadata.file_name, '.', 1) AS BIGINT)")
    place = F.expr(f"monotonically_increasing_id() & {PLACE_MASK}L")
    value = "value"
    if head.format.of:  # Spark takes bytes for characters of UTF-8 as they are
        value = "decode(CAST(value AS BINARY), 'ISO-8859-1')"
        if head.format.of["from"]:
            value = f"translate({value}, '{head.format.of['from']}', '{head.format.of['to']}')"
    lines = spark.read.option("lineSep", "\n").text(path).select(F.expr(value).alias("value"), block.alias("block"), place.alias("place"))
    return lines.select(
        F.expr(f"shiftleft(block, {PLACE_BITS}) | place").alias("line"),
        F.expr(f"CASE WHEN {first} AND place < {head.lines} THEN '' ELSE value END").alias("text"))


HAS_QUOTE = "contains(record, '\"')"
OPEN = "(octet_length(record) - octet_length(replace(record, '\"', ''))) % 2 = 1"


def in_place(mark):
    """Whether quotes are where the rules allow them: with every quoted part cut down to one quote, they touch delimiters or each other."""
    return f"""NOT regexp_replace(record, '"[^"]*+"?', '"') RLIKE '[^{mark}"]"|"[^{mark}"]'"""


def fields(mark):
    """The fields of a record. Delimiters outside of quotes become NUL, which no text has: each is replaced, and each quoted part gets one that
    is taken back."""
    alone = {"|": r"\\|"}.get(mark, mark)  # as a regular expression of the one character, which Java does without
    return rf"""CASE WHEN {HAS_QUOTE}
        THEN split(replace(regexp_replace(record, '("[^"]*+"?)|[{mark}]', '$1\0'), '"\0', '"'), '\0', -1)
        ELSE split(record, '{alone}', -1) END"""


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


def joined(lines, head):
    """Records of several lines: for the files, few, that have line breaks inside of quotes.

    Outside of quotes, a line that opens one and does not close it changes the state, and any other
    leaves it; inside, a line with an odd number of quotes ends it. So the state before a line is
    whether the lines that open since the last one that can only close are odd in number.
    """
    def earlier(expression):
        return f"COALESCE({expression} OVER (ORDER BY line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)"

    marked = lines.select("line", "text", F.col("text").alias("record")) \
        .withColumn("odd", F.expr(f"{HAS_QUOTE} AND {OPEN}")) \
        .withColumn("opens", F.expr(f"CASE WHEN odd AND {in_place(head.format.delimiter)} AND NOT {comments(head)} THEN 1 ELSE 0 END"))
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


def of_block(values):
    """An SQL expression: of the values of all blocks that of a line's."""
    return values[0] if len(values) == 1 else f"element_at(array({', '.join(values)}), CAST(shiftright(line, {PLACE_BITS}) AS INT) + 1)"


def comments(head):
    """Whether a record is none."""
    return f"startswith(record, '{head.format.comment}')" if head.format.comment else "FALSE"


def raw(records, head, days):
    """What the first query reads: each record with its contract's columns as texts, or why it has none. days are those of the files' keys, one for each or one for all."""
    split = records.withColumn("field", F.expr(fields(head.format.delimiter)))
    blank = f"record = '' OR {comments(head)}" if head.format.comment else "record = ''"
    none = f" OR record RLIKE '[{head.format.none}]'" if head.format.none else ""
    fault = rf"""CASE
        WHEN {blank} THEN '{BLANK}'
        WHEN octet_length(record) > {MAX_RECORD_BYTES} THEN '{LONG}'
        WHEN contains(record, '\0') OR decode(CAST(record AS BINARY), 'UTF-8') <> record{none} THEN '{NOT_TEXT}'
        WHEN {HAS_QUOTE} AND NOT ({in_place(head.format.delimiter)} OR contains(record, '\n') AND {OPEN}) THEN '{MALFORMED}'
        WHEN {HAS_QUOTE} AND {OPEN} THEN '{OPEN_QUOTE}'
        WHEN size(field) <> {head.fields} THEN '{RAGGED}' END"""

    def text(i, column={}):
        return "CAST(NULL AS STRING)" if i < 0 else value(f"get(field, {i})", head.contract.blanks if column.get("text") else None)

    columns = [f"{text(i, c)} AS {c['as']}" for c, i in zip(head.form["columns"], head.positions)]
    columns += [f"{text(i, c)} AS {c['as']}" for c, i in zip(head.form.get("optional", []), head.optional)]
    if head.day:
        columns.append(" || '-' || ".join(text(i) for i in head.day) + " AS day")
    elif head.days:
        columns.append(of_block([f"DATE '{first}'" for first, _ in days]) + f" AS {head.form['date']}")
    return split.selectExpr("line", "record", f"{fault} AS fault", *columns)


def chain(dataset, head):
    """The views between a file and its verdicts, each with the query that reads it. Files that say less need fewer."""
    steps = [(dataset + "_raw", dataset + "_checked")]
    if head.coded:
        steps.insert(0, (dataset + "_dated", dataset + "_codes"))
    if head.day:
        steps.insert(0, (dataset + "_split", dataset + "_days"))
    return steps


LINE_AS_TEXT = "CAST(line AS STRING)"


def holders(kinds):
    """In which columns of the rows to load the line, the reason and the record of other rows are, by those columns: {name: expression}.

    The load's id, which a row that does not load has no use for, is the last of those that can hold texts.
    """
    texts = [name for name, kind in kinds.items() if kind == "string"] + ["load_id"]
    number = next((name for name, kind in kinds.items() if kind == "bigint"), None)
    held = {number: "line"} if number else {texts.pop(): LINE_AS_TEXT}
    return held | {texts[0]: "reason", texts[1]: "record"}


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


def shape(head):
    """What files have in common that are read in the same way: where their columns are. Those whose rows say days are of the same days."""
    same = head.gzip, head.fields, head.lines, head.positions, head.optional, head.day, head.coded, bool(head.days), head.day and head.days
    return json.dumps(same, default=str)


class Known:
    """What is known of a file that was checked together with others: how many records have which reason, its head, its Parquet files, and its rejected records."""

    def __init__(self, head):
        self.head, self.counts, self.files, self.rejects = head, {}, [], []

    def reject(self, code, reason, record):
        self.rejects.append({"line": (code & PLACE_MASK) + 1, "reason": reason, "record": record})


# --- The job -------------------------------------------------------------------------------------


class Job(Run):
    """A run on Spark."""

    def __init__(self, spark, store, given, contract=None, block_bytes=BLOCK_BYTES):
        super().__init__(store, given, contract)
        self.spark, self.block_bytes, self.dimensions, self.files_read, self.known = spark, block_bytes, None, 0, {}
        for name, value in {
            "spark.sql.session.timeZone": "UTC",
            # Days are written as they are, those before 1582 as well, and not moved to another calendar.
            "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
            "spark.sql.shuffle.partitions": spark.sparkContext.defaultParallelism,
            # Nothing is left to adapt: the joins are broadcast and blocks are the partitions.
            "spark.sql.adaptive.enabled": "false",
            # No join is by a column that partitions are of. To look for one takes two thirds of the time in which a query is planned.
            "spark.sql.optimizer.dynamicPartitionPruning.enabled": "false",
            # A block's rows that load and those that do not are written side by side, not sorted apart first.
            "spark.sql.maxConcurrentOutputFileWriters": 4,
        }.items():
            spark.conf.set(name, value)

    def blocks(self, head):
        """How many blocks a file has."""
        return 1 if head.gzip else -(-head.size // self.block_bytes)  # gzip cannot be read from its middle

    def query(self, name):
        return self.spark.sql(self.sql(name))

    def here(self, frame):
        """A small frame's rows, brought to the driver."""
        return [row.asDict() for row in frame.coalesce(1).toLocalIterator()]

    def table(self, rows, columns):
        """What the driver has, without the Python workers that createDataFrame takes, on every use."""
        return self.spark.sql(f"SELECT inline(from_json(:rows, 'ARRAY<STRUCT<{columns}>>'))", {"rows": json.dumps(rows, default=str)})

    def check_file(self, dataset, bucket, key, version, load, days=None, keep=()):
        """Writes every record below an output, by verdict, and makes the view checked of what was written. What settle is to know is how
        lines are numbered, or for a file that is joined with the output."""
        if load and load["load_id"] in self.known:
            known = self.known.pop(load["load_id"])
            return dict(known.counts), known.head, known
        output, workspace, load_id = (load["rows"], load["staging"] + "input/", load["load_id"]) if load else self.joined_output()
        load_ids = [load_id]
        head = Head(self.contract, self.store, dataset, bucket, key, version, days)
        path = workspace + ("object.csv.gz" if head.gzip else "object.csv")
        self.store.copy(bucket, key, version, path)
        lines = read_lines(self.spark, path, head, self.block_bytes)
        try:
            written = self.write_by_verdict(dataset, head, lines, output, keep, load_ids)
            counts = self.counted(output)
            numbers = Lines({row["block"]: row["count"] for row in self.here(written.groupBy("block").count())} if self.blocks(head) > 1 else {0: 0})
            if OPEN_QUOTE in counts and NOT_TEXT not in counts:  # the one case that reads a file again
                self.write_by_verdict(dataset, head, joined(lines, head), output, keep, load_ids)
                counts = self.counted(output)
        except Exception as error:
            if head.gzip and re.search(r"java\.util\.zip|EOFException|not a gzip|gzip stream|incorrect (header|data) check", str(error)):
                refused = self.contract.refuse("gzip", key, 0)
                refused.columns = head.columns
                raise refused from None
            raise
        for reason, name in ((LONG, "too long"), (NOT_TEXT, None), (OPEN_QUOTE, "unclosed quote")):
            if reason in counts:
                first = counts[reason]["first_line"]
                refused = self.contract.refuse(name, key, numbers.number(first)) if name else self.not_text(head, first, numbers)
                refused.columns = head.columns
                self.store.remove(output + ROWS)
                raise refused
        return {reason: row["records"] for reason, row in counts.items() if reason != BLANK}, head, numbers if load else output

    def not_text(self, head, first, numbers):
        """The refusal of the file of the view checked, for what is in the record of that code."""
        record = self.here(self.query("rejects").where(F.col("line") == first).selectExpr("hex(CAST(record AS BINARY)) AS bytes"))
        return head.format.not_text(head.key, numbers.number(first), head.format.bad_byte(bytes.fromhex(record[0]["bytes"]))[1])

    def write_by_verdict(self, dataset, head, lines, output, keep, load_ids, days=None):
        """Executes the dataset's query and writes its whole answer, in one pass over the lines, and makes the view checked of it. Of several files, each a block,
        load_ids and days are those of each.

        A write has one schema, that of the rows to load. So the line, reason and text of what does not load are
        in those of its columns that can hold them, in files of their own, until they are written as JSON.
        """
        verdicts = raw(without_cr(lines), head, days or [head.days])
        if head.day:
            date = head.form["date"]
            spelled = [{"text": text, date: day.isoformat()} for text, day in self.contract.spellings(*head.days).items()]
            F.broadcast(self.table(spelled, f"text STRING, {date} DATE")).createOrReplaceTempView("days")
        *before, last = chain(dataset, head)
        for view, query in before:
            verdicts.createOrReplaceTempView(view)
            verdicts = self.query(query)
        # Java compiles methods of up to 8,000 bytes, and Spark makes one of a whole stage. What ends a stage and moves nothing is
        # to have as many partitions as there are.
        verdicts.coalesce(len(days) if days else self.blocks(head)).createOrReplaceTempView(last[0])
        verdicts = self.query(last[1])
        names = [row["name"] for row in head.form["rows"]] + list(keep)
        kinds = {name: kind for name, kind in verdicts.dtypes if name in names}
        held = holders(kinds)
        loaded = {name: name for name in kinds} | {"load_id": of_block([f"'{load_id}'" for load_id in load_ids])}
        rows = verdicts.selectExpr(
            *[f"CASE WHEN reason IS NULL THEN {value} ELSE {held[name]} END AS {name}" if name in held else f"{value} AS {name}" for name, value in loaded.items()],
            "CASE WHEN reason IS NULL THEN 'loaded' ELSE 'rejected' END AS verdict", f"shiftright(line, {PLACE_BITS}) AS block")
        # Each block is a partition: what else would be packed with it costs as much as a block.
        packing = "spark.sql.files.maxPartitionBytes", "spark.sql.files.openCostInBytes"
        for setting in packing:
            self.spark.conf.set(setting, self.block_bytes)
        self.write(rows.write.partitionBy("verdict", "block").format("parquet"), output + ROWS)
        for setting in packing:
            self.spark.conf.unset(setting)
        written = self.spark.read.schema(rows.schema).parquet(output + ROWS)
        nothing = "CAST(NULL AS BIGINT) AS line", "CAST(NULL AS STRING) AS reason", "CAST(NULL AS STRING) AS record"  # of what loads no column is read
        place = {what: name for name, what in held.items()}
        line = place.get("line") or f"CAST({place[LINE_AS_TEXT]} AS BIGINT)"
        self.checked = written.where("verdict = 'loaded'").selectExpr(*nothing, "block").unionAll(written.where("verdict = 'rejected'").selectExpr(
            f"{line} AS line", f"{place['reason']} AS reason", f"{place['record']} AS record", "block"))
        self.checked.createOrReplaceTempView("checked")
        self.no_rows = rows.drop("verdict", "block").limit(0)
        return written

    def counted(self, output):
        """How many records of the view checked have which reason."""
        counts = {row["reason"]: row for row in self.here(self.query("counts"))}
        if None not in counts:
            self.write_nothing(output + LOADED)
        return counts

    def write_nothing(self, url):
        """Writes a file without rows: COPY fails of a prefix without a file."""
        self.write(self.no_rows.write.format("parquet"), url)

    # --- Files together

    def each(self, work, listed):
        """Files that are like each other have their records checked together first. What is left to do of them is not Spark's, so many are done at a time."""
        groups = {}
        with ThreadPoolExecutor(TRANSFERS) as pool:
            for load, head in zip(listed, pool.map(self.head_of, listed)):
                if head and self.blocks(head) == 1 and "key" not in head.form:  # rows of one key are of one file
                    groups.setdefault(shape(head), []).append((load, head))
        together = [members[i:i + TOGETHER] for members in groups.values() for i in range(0, len(members), TOGETHER)]
        for number, members in enumerate(members for members in together if len(members) > 1):
            self.check_together(f"{folder(self.given)}{BATCH_ROWS}together-{number}/", members)
        known = [load for load in listed if load["load_id"] in self.known]
        with ThreadPoolExecutor(TRANSFERS) as pool:
            outcomes = {load["load_id"]: outcome for load, outcome in zip(known, pool.map(work, known))}
        for load in listed:
            yield outcomes[load["load_id"]] if load["load_id"] in outcomes else work(load)

    def head_of(self, load):
        """The head of a file that can be checked with others; None of one that is refused, or cannot be read, of which its own load tells."""
        try:
            days = self.contract.days(self.given["dataset"], load["key"])
            return None if HIDDEN.search(load["key"]) else Head(self.contract, self.store, self.given["dataset"], load["bucket"], load["key"], load["version"], days)
        except (Refused, Unreadable):
            return None

    def check_together(self, output, members):
        """Checks the records of files of one shape, and keeps what is known of each. A file of which more is to be said than counts and some rejected records is left to
        its own load, and all are if Spark cannot read one."""
        dataset, workspace = self.given["dataset"], members[0][0]["staging"] + "input/"
        self.prepare(workspace)
        head, name = members[0][1], "{:06}.csv" + (".gz" if members[0][1].gzip else "")

        def copied(numbered):
            number, (load, _) = numbered
            try:
                self.store.copy(load["bucket"], load["key"], load["version"], workspace + name.format(number))
                return True
            except Unreadable:
                return False

        try:
            self.store.remove(workspace)
            with ThreadPoolExecutor(TRANSFERS) as pool:
                there = list(pool.map(copied, enumerate(members)))
            lines = read_lines(self.spark, workspace, head, self.block_bytes)
            self.write_by_verdict(dataset, head, lines, output, (), [load["load_id"] for load, _ in members], [head.days for _, head in members])
            known = self.counted_together(members)
        except Exception as error:
            print(f"{len(members)} files are read one by one: {error}", file=sys.stderr)
            self.store.remove(output)
            return
        finally:
            self.store.remove(workspace)
        alone = {LONG, NOT_TEXT, OPEN_QUOTE}
        for number in [n for n, k in known.items() if not there[n] or alone & k.counts.keys() or sum(v for r, v in k.counts.items() if r not in (None, BLANK)) > HELD]:
            del known[number]
            self.store.remove(f"{output}{LOADED}block={number}/")
        if any(reason not in (None, BLANK) for k in known.values() for reason in k.counts):
            self.checked.createOrReplaceTempView("checked")
            for row in self.query("rejects").where(F.col("reason") != BLANK).sort("line").toLocalIterator():
                number = row["line"] >> PLACE_BITS
                if number in known:
                    known[number].reject(row["line"], row["reason"], row["record"])
        for number, k in known.items():
            if None not in k.counts:
                self.write_nothing(f"{output}{LOADED}block={number}/")
        self.store.remove(output + REJECTED)
        self.store.remove_markers(output)
        for name, _, _ in self.store.list(output + LOADED):
            block, _, file = name.partition("/")
            number = int(block.removeprefix("block="))
            if number in known:
                known[number].files.append(file)
        for number, k in known.items():
            load = members[number][0]
            load["rows"] = f"{output}{LOADED}block={number}/"
            k.counts.pop(BLANK, None)
            self.known[load["load_id"]] = k

    def counted_together(self, members):
        """Of each file how many of its records have which reason: the query counts by reason, which here has the file's number before it."""
        self.checked.selectExpr("line", "CONCAT(CAST(block AS STRING), ' ', COALESCE(reason, '')) AS reason", "record").createOrReplaceTempView("checked")
        known = {number: Known(head) for number, (_, head) in enumerate(members)}
        for row in self.here(self.query("counts")):
            number, _, reason = row["reason"].partition(" ")
            known[int(number)].counts[reason or None] = row["records"]
        return known

    def prepare(self, workspace):
        """What rows are joined with is read once in a run."""
        self.spark.sql(self.settings()).createOrReplaceTempView("settings")
        if self.dimensions is None:
            self.workspace = workspace
            self.dimensions = {dataset: self.join(dataset) for dataset in self.joined}
        for dataset, dimension in self.dimensions.items():
            F.broadcast(dimension).createOrReplaceTempView(dataset)

    def join(self, dataset):
        """The rows of a dataset that others are joined with."""
        form, files = self.contract.datasets[dataset], []
        keep = form.get("keep", [])
        columns = ", ".join([f"{row['name']} {row['type']}" for row in form["rows"]] + [f"{name} STRING" for name in keep])
        # Through the driver, where a broadcast goes as well, so that no plan has the files' plans in it.
        for key, modified, output in self.joined_files(dataset):
            rows = self.spark.read.schema(columns).parquet(output + LOADED)
            files += [{**row, "modified": float(modified), "source_key": key} for row in self.here(rows)]
        self.table(files, columns + ", modified DOUBLE, source_key STRING").createOrReplaceTempView(dataset + "_files")
        newest = self.here(self.query(dataset + "_newest"))
        if "code" in form and not any(row[form["code"]] for row in newest):
            self.codeless.append(dataset)
        return self.table(newest, columns)

    def joined_output(self):
        """Where a file that is joined with is written to, and its workspace."""
        self.files_read += 1
        output = f"{self.workspace}joined-{self.files_read}/"
        return output, output + "input/", ""

    def load(self, load):
        try:
            return super().load(load)
        finally:
            self.store.remove(load["staging"] + "input/")

    def settle(self, load, rejected, numbers):
        if isinstance(numbers, Known):
            names = [REJECTS + "part-00000.json"] if numbers.rejects else []
            for name in names:
                self.store.write(load["staging"] + name, "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in numbers.rejects).encode())
            return {"files": sorted(numbers.files), "reject_files": names}
        if rejected:
            faulty = self.query("rejects").where(F.col("reason") != BLANK)
            self.write(faulty.withColumn("line", numbers.expression()).write.format("json"), load["staging"] + REJECTS)
        self.store.remove(load["rows"] + REJECTED)
        self.store.remove_markers(load["rows"] + ROWS)
        return {"files": self.written(load["rows"], LOADED), "reject_files": self.written(load["staging"], REJECTS)}

    def written(self, place, directory):
        return sorted(directory + name for name, _, _ in self.store.list(place + directory))

    def finish(self, rows):
        self.store.remove_markers(rows)

    def write(self, writer, url):
        # COPY takes whatever is under the prefix for Parquet, so there is to be no _SUCCESS.
        writer.mode("overwrite").option("mapreduce.fileoutputcommitter.marksuccessfuljobs", "false").save(url)


if __name__ == "__main__":
    main(sys.argv[1:], lambda store, given, contract: Job(SparkSession.builder.appName("ingest").getOrCreate(), store, given, contract))
