"""The contract: how raw files are written, and what is said of those that are not. It stands in contract.json beside the queries."""

import json
import re
from datetime import date, timedelta

FILTERED = "below minDepDelay"  # the one reason that is no fault
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


def a_day(text):
    """The day that a text as YYYY-MM-DD is, or None."""
    try:
        return date.fromisoformat(text) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None
