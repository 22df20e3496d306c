"""The contract: how raw files are written, and what is said of those that are not. It stands in contract.json beside the queries."""

import json
import re
from datetime import date, timedelta

MAX_RECORD_BYTES = 1 << 20

# What the host itself says of a line, where a query would have its verdict.
BLANK, LONG, NOT_TEXT, OPEN_QUOTE = "(blank)", "(long)", "(not text)", "(open quote)"
MALFORMED, RAGGED = "malformed quotes", "ragged row"

# What objects are files by their keys: by their endings, unless a name on the way begins with "_" or ".".
FILE, HIDDEN = re.compile(r"\.csv(\.gz)?\Z", re.IGNORECASE), re.compile(r"(^|/)(_|\.([^./]|\.[^/]))")


class Refused(Exception):
    """A raw file that breaks the contract as a whole; none of its rows load."""

    def __init__(self, key, line, code, what, fix):
        super().__init__(f"{key}:{line}: {what}; {fix}" if line else f"{key}: {what}; {fix}")
        self.code, self.manifest = code, None  # the manifest of a file whose rows were counted
        self.columns = []  # the names in the header of one whose header was read


class Contract:
    def __init__(self, text):
        for name, value in json.loads(text).items():
            setattr(self, name, value)
        self.blanks = " \t" + "".join(chr(c) for first, last in self.invisible for c in range(max(first, 0xa0), last + 1))

    @classmethod
    def read(cls, store, sql):
        return cls(store.read(sql + "contract.json"))

    def refuse(self, name, key, line, **values):
        """The refusal of that name, of an object and from a line on (0: of all of it)."""
        message = self.messages[name]
        return Refused(key, line, message["code"], message["what"].format(**values), message["fix"].format(**values))

    def too_many(self, dataset, key, faults, read, reasons, limit):
        shown = json.dumps(reasons, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        form = self.datasets[dataset]
        for lacked in form.get("joined", []):  # most rows may be as they should be, and have no match there
            if 2 * sum(reasons.get(reason, 0) for reason, other in form["unmatched"].items() if other == lacked) > faults:
                file = self.datasets[lacked]["words"]["file"]
                return self.refuse("unmatched rows", key, 0, faults=faults, read=read, limit=limit, reasons=shown, dataset=lacked, file=file)
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

    def days(self, dataset, key):
        """The first and last day of those that the key of an object of a dated dataset names, in one of its forms; None of other datasets."""
        form, found = self.datasets[dataset], []
        if "date" not in form:
            return None
        folders = key.split("/")[:-1]
        for i in range(len(folders)):
            for keys in form["keys"]:
                text = "/".join(folders[i:i + keys["folders"]])
                if folders[i].startswith(keys["first"]) if keys["first"] else re.fullmatch(keys["pattern"], text):
                    found.append((text, keys))
        words = form["words"]
        if not found:
            raise self.refuse("no partition", key, 0, forms=words["forms"], fix=words["fix"])
        if len(found) > 1:
            raise self.refuse("several", key, 0, partitions=", ".join(text for text, _ in found), fix=words["fix"])
        text, keys = found[0]
        parts = re.fullmatch(keys["pattern"], text)
        parts = parts.groupdict() if parts else {}
        first = a_day("-".join(parts.get(part, "").zfill(2) for part in ("YYYY", "MM")) + "-" + parts.get("DD", "01").zfill(2))
        if not first:
            raise self.refuse("bad partition", key, 0, partition=text, unit=keys["unit"], form=keys["form"], fix=words["fix"])
        if keys["unit"] == "day":
            return first, first
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


class Format:
    """How the files of a dataset are written. Texts are bytes in UTF-8, but for what is still to be decoded."""

    def __init__(self, contract, declared):
        self.contract, self.encoding = contract, declared["encoding"]
        self.delimiter, self.comment = declared["delimiter"], declared.get("comment", "")
        self.delimiter_name = next(s["name"] for s in contract.separators if s["text"] == self.delimiter)
        self.of = contract.encodings.get(self.encoding)  # None of UTF-8
        self.none = self.of["none"] if self.of else ""
        self.table = str.maketrans(self.of["from"], self.of["to"]) if self.of else None

    def decode(self, data):
        """A text in UTF-8. A byte that the encoding does not have becomes the character of its number."""
        return data.decode("latin-1").translate(self.table).encode("utf-8") if self.of else data

    def comments(self, line):
        """Whether a line, at whose beginning no quote is open, is no record."""
        return bool(self.comment) and line.startswith(self.comment.encode())

    def bad_byte(self, text):
        """The first byte that no text in the encoding has, and where in a text that is decoded, or None."""
        try:
            text.decode("utf-8")
            at = len(text)
        except UnicodeDecodeError as error:
            at = error.start
        places = [(at, text[at])] if at < len(text) else []
        for none in "\0" + self.none:
            place = text.find(none.encode("utf-8"))
            if place >= 0:
                places.append((place, ord(none)))
        return min(places, default=None)

    def not_text(self, key, line, byte):
        """The refusal of a file for a byte that its encoding, or any text, does not have."""
        shown = f"0x{byte:02x}"
        if byte == 0:
            return self.contract.refuse("NUL", key, line, encoding=self.encoding)
        if self.of:
            return self.contract.refuse("not in encoding", key, line, byte=shown, encoding=self.encoding)
        encoding = "Windows-1252" if byte < 0xa0 else "Latin-1 or Windows-1252"  # of ISO 8859-1 the former are control characters
        return self.contract.refuse("not UTF-8", key, line, byte=shown, encoding=encoding, iconv="WINDOWS-1252")


def a_day(text):
    """The day that a text as YYYY-MM-DD is, or None."""
    try:
        return date.fromisoformat(text) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None
