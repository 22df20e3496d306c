"""The beginning of a file: what it is, and its header."""

import io
import re
import zlib

from airline_contract import MAX_RECORD_BYTES, Format, Refused

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Head:
    """What the first bytes of an object say: compression, and where the contract's columns are. size is the object's, in bytes.

    days are those of the key of a dated dataset, None for others.
    """

    def __init__(self, contract, store, dataset, bucket, key, version, days=None):
        self.contract, self.form, self.key, self.days = contract, contract.datasets[dataset], key, days
        self.format = Format(contract, self.form["format"])
        stream, self.size = store.open(bucket, key, version)
        try:
            first = stream.read(1 << 16)
            self.gzip = first[:2] == b"\x1f\x8b"
            text = self.inflated(first, stream) if self.gzip else self.more(first, stream)
        finally:
            stream.close()
        self.check_kind(text)
        header = self.header(self.format.decode(text).removeprefix(BYTE_ORDER_MARK))
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
            if not record or self.format.comments(record):
                continue
            end = number
            fields, state = self.split(record)
            while state == "open" and len(line) <= MAX_RECORD_BYTES:
                following = lines.readline()
                if not following:
                    raise self.refuse("unclosed quote", number)
                end += 1
                line += b"\n" + following.removesuffix(b"\n")
                if following.count(b'"') % 2 == 1:
                    record = line.removesuffix(b"\r")
                    fields, state = self.split(record)
                    break
            if len(line) > MAX_RECORD_BYTES:
                raise self.refuse("too long", number)
            bad = self.format.bad_byte(record)
            if bad:
                raise self.format.not_text(self.key, number, bad[1])
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
            raise self.refuse("no day", line, month=self.days[0].isoformat()[:7], start=self.contract.shown(text),
                              day=self.form["words"]["day"], form=self.form["words"]["form"])
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
        mark, delimiter = self.format.delimiter, self.format.delimiter_name
        if re.fullmatch('"?[sS][eE][pP]=.?"?', text):
            return self.refuse("sep", line, start=start, delimiter=delimiter)
        if "\r" in text and self.has(text.split("\r")[0]):
            return self.refuse("line ends", line, start=start)
        if state != "balanced" and self.has(re.sub('"[ \t]+' + re.escape(mark), lambda m: '"' + mark, re.sub(re.escape(mark) + '[ \t]+"', lambda m: mark + '"', text))):
            return self.refuse("blanks at quotes", line, start=start, delimiter=delimiter, text=mark)
        if len(names) == 1 and self.has(names[0]):
            return self.refuse("lines in quotes", line, start=start)
        separator = self.separator(text)
        if separator:
            return self.refuse("separator", line, separator=separator, start=start, delimiter=delimiter)
        header, separator = self.later(end, rest)
        if header:
            return self.refuse("title, separator" if separator else "title", line, header=header, start=start, separator=separator, delimiter=delimiter)
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
        return self.refuse(name, line, s="s" * (len(missing) > 1), missing=", ".join(missing), columns=mark.join(columns), delimiter=delimiter,
                           it="it" if len(missing) == 1 else "them", start=start, nearest=nearest, separator=separator)

    def has(self, text):
        """Whether a text is a header with all columns."""
        fields, state = self.split(text.removesuffix("\r").encode())
        return state == "balanced" and not self.find([f.decode() for f in fields])[1]

    def split(self, record):
        return split(record, self.format.delimiter.encode())

    def others(self):
        """What fields are not separated by."""
        return [s for s in self.contract.separators if s["text"] != self.format.delimiter]

    def separator(self, text):
        """What a header's fields are separated by when it is not the delimiter: split there, it has at least two of the columns."""
        for s in self.others():
            fields = [f.strip(" \t").strip('"') for f in text.split(s["text"])]
            if len(self.find(fields)[1]) <= len(self.form["columns"]) - 2:
                return s["name"]
        return ""

    def separated(self, text):
        """What a line without delimiters and names is separated by: what makes as many fields of it as the contract has columns."""
        for s in self.others():
            if s["text"] not in (" ", ":") and self.format.delimiter not in text and text.count(s["text"]) >= len(self.form["columns"]) - 1:
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
                if i in used or plain_name(name) in unlike:
                    continue
                changes = nearness(letters(name), c)
                if changes is None:  # Hive puts the table before its columns
                    changes = nearness(letters(name.rpartition(".")[2]), c)
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


def split(record, delimiter):
    """Takes a record apart at its delimiters as RFC 4180 has it: a quote opens a field only at the field's start."""
    fields = []
    while True:
        if not record.startswith(b'"'):
            field, comma, record = record.partition(delimiter)
            if b'"' in field:
                return None, "malformed"
            fields.append(field)
        else:
            match = re.match(rb'"([^"]*(?:""[^"]*)*)"(?!")', record)
            if not match:
                return None, "open"
            fields.append(match[1].replace(b'""', b'"'))
            comma, record = record[match.end():match.end() + 1], record[match.end() + 1:]
            if comma not in (b"", delimiter):
                return None, "malformed"
        if not comma:
            return fields, "balanced"
