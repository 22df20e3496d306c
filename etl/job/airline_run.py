"""What a run of the job does, whatever executes its queries: one object from end to end, and the objects of a batch."""

import json
import re
import sys

from airline_arguments import LOAD_ID, arguments, sql_of
from airline_contract import FILE, HIDDEN, Contract, Refused
from airline_objects import S3, Files, Unreadable

# A load writes its rows below rows/, by verdict: COPY takes those that loaded.
ROWS = "rows/"
LOADED = ROWS + "verdict=loaded/"
REJECTS = "rejects/"

# What becomes of a batch, or of a part of one, in the folder of its list, and how much its summary says: see etl/batch.go.
BATCH_ROWS, BATCH_ENTRIES, BATCH_FILES, BATCH_SUMMARY = "loads/", "entries/loaded.json", "files.json", "batch.json"
TOLD, TOLD_BYTES, TOLD_COLUMNS, MAX_COLUMN_NAME = 20, 1000, 50_000, 255
UNREADABLE = "unreadable object"


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


def part_of(given):
    """The name of the part of a batch that a list is of; empty for all."""
    found = re.search(r"/objects(-\d+-\d+)\.json$", given["objects"])
    return found[1] if found else ""


class Run:
    """A run, but for what depends on who executes the queries, which are the methods of Spark's and DuckDB's:

    prepare(workspace) makes the views that rows are checked with: settings, and one of the name of each dataset that they are joined with.

    check_file(dataset, bucket, key, version, load, days=None, keep=()) checks every record of a raw file. load is None for a file that is
    joined with and only to be read; else the rows that load are written for it. keep are columns to have beside those of the rows to load. It answers
    how many records have which reason, None for those that load; the file's head; and what settle is to know.

    settle(load, rejected, checked) ends a load that checked its file: what it answers is what the manifest says of files, "files" of rows
    and "reject_files".
    """

    def __init__(self, store, given, contract=None):
        self.store, self.given = store, given
        self.contract = contract or Contract.read(store, given["sql"])
        self.joined = self.contract.datasets[given["dataset"]].get("joined", [])
        self.warnings = []
        self.codeless = []  # of the joined datasets that have codes those of which no row has one

    def load(self, load):
        """One object from end to end; the manifest last."""
        self.store.remove(load["staging"])
        manifest = self.rows_and_rejects(load)
        limit, refused = self.given.get("max_reject_ratio"), None
        if limit and manifest["reject_ratio"] > float(limit):
            counts = manifest["reasons"]
            refused = self.contract.too_many(self.given["dataset"], load["key"], manifest["rows_rejected"] - counts.get(self.contract.filtered, 0), manifest["rows_read"], counts, limit)
            refused.manifest = manifest
            if load["rows"] != load["staging"]:  # nobody is to load them
                self.store.remove(load["rows"])
                manifest["files"] = []
        self.store.write(load["staging"] + "manifest.json", json.dumps(manifest, indent=2, ensure_ascii=False).encode())
        if refused:
            raise refused
        return manifest

    def batch(self, listed):
        """All objects of a list; what became of each is told beside the list, the summary last."""
        place, part = folder(self.given), part_of(self.given)
        if part:  # the others' output stays
            for load in listed:
                self.store.remove(load["rows"])
        else:  # an earlier try of this run may have left something
            self.store.remove_but(place, self.given["objects"])
        outcomes, entries = [], []
        for load, outcome in zip(listed, self.each(self.attempt, listed)):
            outcomes.append(outcome)
            if "error" not in outcome:
                entries.append({"load_id": load["load_id"], "source_key": load["key"], "version": load["version"], "event_time": load.get("event_time"),
                                "observed_at": load.get("observed_at"), "status": "loaded", **{name: outcome[name] for name in ("rows_read", "rows_loaded", "rows_rejected")}})
        self.finish(place + BATCH_ROWS)
        for name, values in ((BATCH_ENTRIES, entries), (BATCH_FILES, outcomes), (BATCH_SUMMARY, [summary(outcomes)])):
            if values:
                self.store.write(place + name.removesuffix(".json") + part + ".json", "".join(json.dumps(v, ensure_ascii=False) + "\n" for v in values).encode())
        return outcomes

    def attempt(self, load):
        """What becomes of an object of a batch."""
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
        outcome.update({name: manifest.get(name, 0) for name in ("rows_read", "rows_loaded", "rows_rejected", "reject_ratio")}, reasons=manifest.get("reasons"))
        if "warnings" in manifest:
            outcome["warnings"] = manifest["warnings"]
        columns = manifest.get("columns", columns)
        if columns:
            outcome["columns"] = columns
        if error:
            outcome.update(rows_loaded=0, error=error, cause=cause)
        return outcome

    def each(self, work, listed):
        """The answers for all loads of a batch, in their order."""
        return map(work, listed)

    def finish(self, rows):
        """What there is to do when all loads of a batch have ended, with their rows below that prefix."""

    def rows_and_rejects(self, load):
        """Writes what the manifest, its answer, speaks of."""
        dataset, key = self.given["dataset"], load["key"]
        if HIDDEN.search(key):
            raise self.contract.refuse("hidden", key, 0)
        days = self.contract.days(dataset, key)
        self.prepare(load["staging"] + "input/")
        counts, head, checked = self.check_file(dataset, load["bucket"], key, load["version"], load, days)
        warnings = list(self.warnings)
        if head.coded and self.codeless:
            warnings.append(self.contract.datasets[self.codeless[0]]["words"]["without codes"])
        loaded = counts.pop(None, 0)
        rejected = sum(counts.values())
        written = self.settle(load, rejected, checked)
        faults, read = rejected - counts.get(self.contract.filtered, 0), loaded + rejected
        manifest = {
            "load_id": load["load_id"], "dataset": dataset,
            "source": {name: load[name] for name in ("bucket", "key", "version")},
            "rows_read": read, "rows_loaded": loaded, "rows_rejected": rejected,
            "reject_ratio": faults / read if read else 0, "reasons": counts, **written,
        }
        if load["rows"] != load["staging"]:
            manifest["rows"] = load["rows"]
        if head.columns:
            manifest["columns"] = head.columns
        if warnings:
            manifest["warnings"] = warnings
        return manifest

    def joined_files(self, dataset):
        """Checks all files of a dataset that rows are joined with: the key, the time of the last change and what check_file says of each that is
        fit for use."""
        url, limit = self.given[dataset], self.given.get(f"max_{dataset}_reject_ratio", "1")
        bucket, _ = self.store.place(url)
        keep = self.contract.datasets[dataset].get("keep", [])
        present = sorted(item for item in self.store.list(url) if FILE.search(item[1]) and not HIDDEN.search(item[1]))
        for _, key, modified in present:
            try:
                counts, _, checked = self.check_file(dataset, bucket, key, None, None, keep=keep)
                read = sum(counts.values())
                faults = read - counts.pop(None, 0)
                if faults > float(limit) * read:
                    raise self.contract.too_many(dataset, key, faults, read, counts, limit)
            except Refused as refused:  # its own load has failed, and that of what is joined with it need not
                self.warnings.append(f"{dataset} without those of {refused}")
            except Unreadable as error:  # which is no fault of the file that is loaded
                raise RuntimeError(f"{key}: the {dataset} cannot be read: {error}") from None
            else:
                yield key, modified, checked

    def settings(self):
        """A query for the run's own values, which others find in the view settings."""
        def value(setting):
            given = self.given.get(setting["name"], setting.get("default"))
            return "NULL" if given is None else f"'{given}'"

        return "SELECT " + ", ".join(f"CAST({value(s)} AS {s['type']}) AS {s['name']}" for s in self.contract.settings)

    def sql(self, name):
        """The text of a query."""
        return self.store.read(self.given["sql"] + name + ".sql").decode("utf-8")


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


def main(argv, start):
    """Does what the arguments say. start makes the run of a store, the arguments and the contract."""
    sql = sql_of(argv)
    store = S3() if sql.startswith("s3://") else Files()
    contract = Contract.read(store, sql)
    given = arguments(argv, contract)
    listed = loads(given, store)  # what is wrong with the list is told before anything is started, which takes time
    run = start(store, given, contract)
    if "objects" in given:
        outcomes = run.batch(listed)
        for outcome in outcomes:
            print(json.dumps(outcome, ensure_ascii=False))
        for outcome in summary(outcomes)["failures"]:  # where Glue keeps a run's errors
            print(f"{outcome['error']}: {outcome['cause']}", file=sys.stderr)
        return
    try:
        print(json.dumps(run.load(listed[0]), ensure_ascii=False))
    except Refused as refused:
        raise SystemExit(run.contract.refused.format(code=refused.code) + str(refused)) from None
    except Unreadable as error:
        raise SystemExit(f"{given['key']}: the object cannot be read: {error}") from None
