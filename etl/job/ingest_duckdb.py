"""The Glue job on DuckDB, for batches that one small machine does sooner than Spark starts: a Python shell job (Python 3.9).

airline_arguments.py tells what it takes and what it writes, which is what ingest.py does on Spark: the same queries and the same contract
decide. A file goes through memory in pieces, so that its size does not matter; one is worked on at a time, while others come and go.
"""

import os
import shutil
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

import duckdb

from airline_contract import MALFORMED, RAGGED, Refused
from airline_head import Head
from airline_lines import Raw
from airline_run import LOADED, REJECTS, Run, main

PIECE_BYTES = 4 << 20  # of a raw file, of which DuckDB takes some twenty times the memory
MEMORY = "512MB"  # of the 1 GB that the smallest machine has; what does not fit goes to the disk
TRANSFERS = 8  # files that come and go at a time

QUOTED = "contains(record, '\"')"
ODD = "(strlen(record) - strlen(replace(record, '\"', ''))) % 2 = 1"



def literal(text):
    return "'" + text.replace("'", "''") + "'"


def out_of_place(mark):
    """Whether quotes are where the rules do not allow them: with every quoted part cut down to one quote, they touch more than delimiters and each other."""
    return rf"""regexp_matches(regexp_replace(record, '"[^"]*"?', '"', 'g'), '[^{mark}"]"|"[^{mark}"]')"""


def fields(mark, quoted):
    """The fields of a record. Delimiters outside of quotes become NUL, which no text has: each is replaced, and each quoted part gets one that
    is taken back."""
    unquoted = f"string_split(record, '{mark}')"
    return rf"""CASE WHEN {QUOTED}
        THEN string_split(replace(regexp_replace(record, '("[^"]*"?)|[{mark}]', '\1' || chr(0), 'g'), '"' || chr(0), '"'), chr(0))
        ELSE {unquoted} END""" if quoted else unquoted


class Local:
    """A raw object that is on this machine already, in the place of its store."""

    def __init__(self, path):
        self.path = path

    def open(self, bucket, key, version):
        return open(self.path, "rb"), os.path.getsize(self.path)


class Job(Run):
    """A run on DuckDB."""

    def __init__(self, store, given, contract=None, piece_bytes=PIECE_BYTES, memory=MEMORY):
        super().__init__(store, given, contract)
        self.piece_bytes, self.queries = piece_bytes, {}
        self.directory = tempfile.mkdtemp(prefix="airline-")
        self.turn, self.ready, self.files = threading.RLock(), False, 0
        self.database = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
        for setting in (
            f"memory_limit = '{memory}'", f"temp_directory = {literal(os.path.join(self.directory, 'spill'))}", "threads = 1", "TimeZone = 'UTC'",
            # The queries say their joins in the right order. To find that out anew takes several times as long as a small file.
            "disabled_optimizers = 'join_order'",
        ):
            self.database.execute("SET " + setting)

    def close(self):
        self.database.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def sql(self, name):
        if name not in self.queries:
            self.queries[name] = super().sql(name)
        return self.queries[name]

    def each(self, work, listed):
        """While one file is worked on, others come and go."""
        with ThreadPoolExecutor(TRANSFERS) as pool:
            try:
                yield from pool.map(work, listed)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def prepare(self, workspace):
        with self.turn:
            if self.ready:
                return
            self.database.execute("CREATE OR REPLACE TABLE settings AS " + self.settings())
            for dataset in self.joined:
                self.join(dataset)
            self.ready = True

    def join(self, dataset):
        """Makes the table of a dataset that rows are joined with."""
        form, execute = self.contract.datasets[dataset], self.database.execute
        keep, rows = form.get("keep", []), form["rows"]
        columns = [row["name"] for row in rows] + keep
        types = ", ".join([f"{row['name']} {row['type']}" for row in rows] + [f"{name} VARCHAR" for name in keep])
        execute(f"CREATE OR REPLACE TABLE {dataset}_files ({types}, modified DOUBLE, source_key VARCHAR)")
        for key, modified, _ in self.joined_files(dataset):
            execute(f"INSERT INTO {dataset}_files SELECT {', '.join(columns)}, ?, ? FROM checked WHERE reason IS NULL", [modified, key])
        execute(f"CREATE OR REPLACE TABLE {dataset} AS " + self.sql(dataset + "_newest"))
        if "code" in form and not execute(f"SELECT COUNT(*) FROM {dataset} WHERE {form['code']} <> ''").fetchone()[0]:
            self.codeless.append(dataset)
        # Every row carries their texts: as numbers of an enumeration these are copied and joined in a fraction of the time.
        for name in (row["name"] for row in rows if row["type"] == "STRING" and row["name"] != form["key"]):
            values = f"{dataset}_{name}_values"
            execute(f"CREATE TYPE {values} AS ENUM (SELECT DISTINCT {name} FROM {dataset} WHERE {name} IS NOT NULL)")
            execute(f"ALTER TABLE {dataset} ALTER {name} TYPE {values}")

    def check_file(self, dataset, bucket, key, version, load, days=None, keep=()):
        """What settle is to know is the directory with what is to be written. Of a file that is joined with the table checked stays."""
        with self.turn:
            self.files += 1
            place = os.path.join(self.directory, str(self.files))
        os.makedirs(place)
        try:
            path = os.path.join(place, "object")
            self.store.fetch(bucket, key, version, path)
            with self.turn:
                head = Head(self.contract, Local(path), dataset, bucket, key, version, days)
                try:
                    raw = Raw(self.contract, path, head)
                    counts = self.check(dataset, raw, head, place if load else None, load)
                except Refused as refused:
                    refused.columns = head.columns
                    raise
            os.remove(path)
        except BaseException:
            shutil.rmtree(place)
            raise
        if not load:
            shutil.rmtree(place)
        return counts, head, place

    def check(self, dataset, raw, head, place, load):
        """Executes the dataset's queries over all pieces of a file, and writes what is to load and what is rejected below a place."""
        database, counts, rows = self.database, {}, 0
        self.views(dataset, raw, head)
        alone = "key" not in head.form  # the verdict of a record does not depend on others
        columns = ", ".join(row["name"] for row in head.form["rows"])
        for name in ("rows", "rejects"):
            if place:
                os.makedirs(os.path.join(place, name))
        for number, (text, separator, lines) in enumerate(raw.records(self.piece_bytes if alone else -1)):
            self.piece(text, separator, lines, raw)
            database.execute("CREATE OR REPLACE TEMP TABLE checked AS " + self.sql(dataset + "_checked"))
            found = {reason: records for reason, records, _ in database.execute(self.sql("counts")).fetchall()}
            for reason, records in found.items():
                counts[reason] = counts.get(reason, 0) + records
            if place and None in found:
                rows += 1
                self.write(columns, "WHERE reason IS NULL", load, os.path.join(place, "rows", f"part-{number:05}.parquet"))
            if place and len(found) > (None in found):
                file = os.path.join(place, "rejects", f"part-{number:05}.json")
                database.execute(f"COPY (SELECT * FROM ({self.sql('rejects')}) ORDER BY line) TO {literal(file)} (FORMAT JSON)")
        if place and not rows:  # COPY fails of a prefix without a file
            self.piece("", "\n", 1, raw)
            database.execute("CREATE OR REPLACE TEMP TABLE checked AS " + self.sql(dataset + "_checked"))
            self.write(columns, "LIMIT 0", load, os.path.join(place, "rows", "part-00000.parquet"))
        return counts

    def write(self, columns, which, load, path):
        self.database.execute(f"COPY (SELECT {columns}, {literal(load['load_id'])} AS load_id FROM checked {which}) TO {literal(path)} (FORMAT PARQUET)")

    def piece(self, text, separator, lines, raw):
        """Makes the table records of a piece of a file."""
        record = "CASE WHEN ends_with(text, chr(13)) THEN left(text, length(text) - 1) ELSE text END" if raw.returns else "text"
        texts = f"unnest(string_split(CAST($1 AS VARCHAR), {'chr(0)' if separator == chr(0) else 'chr(10)'})) AS text"
        if separator == "\n":
            self.database.execute(f"CREATE OR REPLACE TEMP TABLE lines AS SELECT {texts}", [text])
            numbered = f"SELECT CAST(rowid + {lines} AS BIGINT) AS line, {record} AS record FROM lines"
        else:
            self.database.execute(f"CREATE OR REPLACE TEMP TABLE lines AS SELECT {texts}, unnest(string_split(CAST($2 AS VARCHAR), ',')) AS line",
                                  [text, ",".join(map(str, lines))])
            numbered = f"SELECT CAST(line AS BIGINT) AS line, {record} AS record FROM lines"
        comments = f" AND NOT starts_with(record, {literal(raw.format.comment)})" if raw.format.comment else ""
        self.database.execute(f"CREATE OR REPLACE TEMP VIEW records AS SELECT * FROM ({numbered}) WHERE record <> ''{comments}")

    def views(self, dataset, raw, head):
        """Makes the views between a file's records and its verdicts, each of which the next one reads. Files that say less need fewer."""
        steps = [(dataset + "_raw", None)]
        if head.coded:
            steps = [(dataset + "_dated", None), (dataset + "_raw", dataset + "_codes")]
        if head.day:
            steps = [(dataset + "_split", None), (dataset + ("_dated" if head.coded else "_raw"), dataset + "_days")] + steps[1:]
            self.database.execute(f"CREATE OR REPLACE TEMP TABLE days (text VARCHAR, {head.form['date']} DATE)")
            self.database.executemany("INSERT INTO days VALUES (?, ?)", list(self.contract.spellings(*head.days).items()))
        self.piece("", "\n", 1, raw)
        for view, query in steps:
            self.database.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS " + (self.sql(query) if query else self.fields(raw, head)))

    def fields(self, raw, head):
        """The first view: each record with its contract's columns as texts, or why it has none."""
        fault = f"CASE WHEN len(field) <> {head.fields} THEN '{RAGGED}' END"
        if raw.quoted:
            fault = f"CASE WHEN {QUOTED} AND ({ODD} OR {out_of_place(head.format.delimiter)}) THEN '{MALFORMED}' WHEN len(field) <> {head.fields} THEN '{RAGGED}' END"

        def text(i, column={}):
            if i < 0:
                return "CAST(NULL AS VARCHAR)"
            field = f"field[{i + 1}]"
            if raw.quoted:
                field = f"""CASE WHEN starts_with({field}, '"') THEN replace(substring({field}, 2, length({field}) - 2), '""', '"') ELSE {field} END"""
            if raw.blanks:
                field = f"trim({field}, {literal(self.contract.blanks if column.get('text') else ' ' + chr(9))})"
            return field

        form = head.form
        columns = [f"{text(i, c)} AS {c['as']}" for c, i in zip(form["columns"], head.positions)]
        columns += [f"{text(i, c)} AS {c['as']}" for c, i in zip(form.get("optional", []), head.optional)]
        if head.day:
            columns.append(" || '-' || ".join(text(i) for i in head.day) + " AS day")
        elif head.days:
            columns.append(f"DATE '{head.days[0]}' AS {head.form['date']}")
        return f"SELECT line, record, {fault} AS fault, {', '.join(columns)} FROM (SELECT line, record, {fields(head.format.delimiter, raw.quoted)} AS field FROM records)"

    def settle(self, load, rejected, place):
        try:
            written = {"files": [], "reject_files": []}
            for name, of, base, prefix in (("rows", "files", load["rows"], LOADED), ("rejects", "reject_files", load["staging"], REJECTS)):
                for file in sorted(os.listdir(os.path.join(place, name))):
                    self.store.put(os.path.join(place, name, file), base + prefix + file)
                    written[of].append(prefix + file)
            return written
        finally:
            shutil.rmtree(place)


if __name__ == "__main__":
    main(sys.argv[1:], Job)
