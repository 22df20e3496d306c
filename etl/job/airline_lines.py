"""The records of a raw file in pieces that fit into a small machine's memory, for DuckDB to split."""

import codecs
import gzip
import zlib

from airline_contract import MAX_RECORD_BYTES
from airline_head import BYTE_ORDER_MARK, split

LOOK_BYTES = 256 << 10  # less than a record may have


class Raw:
    """A raw file on this machine: what its bytes are like, found in one look at all of them.

    It refuses what is no text of the contract. quoted, blanks and returns say whether there are quotes, characters that are taken off
    around values, and carriage returns.
    """

    def __init__(self, contract, path, head):
        self.contract, self.path, self.head, self.format = contract, path, head, head.format
        self.quoted = self.blanks = self.returns = False
        self.look()

    def open(self):
        return gzip.open(self.path) if self.head.gzip else open(self.path, "rb")

    def parts(self, size):
        """All of the file's text in parts of about so many bytes."""
        try:
            with self.open() as file:
                while True:
                    part = file.read(size)
                    if not part:
                        return
                    yield self.format.decode(part)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise self.contract.refuse("gzip", self.head.key, 0) from None

    def look(self):
        decoder, rest = codecs.getincrementaldecoder("utf-8")(), 0
        before, length = 0, 0  # lines, and bytes since the last of them
        for part in self.parts(LOOK_BYTES):
            try:
                text = decoder.decode(part)
                wrong = len(part)
            except UnicodeDecodeError as error:
                # Of a character that began in the part before, the first byte counts.
                raise self.not_text(before, error.object, error.start, error.object[error.start]) from None
            places = [(part.find(none.encode("utf-8")), ord(none)) for none in "\0" + self.format.none]
            first_bad = min((place for place in places if place[0] >= 0), default=None)
            if first_bad:
                raise self.not_text(before, part, *first_bad)
            first = part.find(b"\n")
            if length + (first if first >= 0 else wrong) > MAX_RECORD_BYTES:
                raise self.contract.refuse("too long", self.head.key, before + 1)
            length = len(part) - part.rfind(b"\n") - 1 if first >= 0 else length + len(part)
            before += part.count(b"\n")
            self.quoted = self.quoted or b'"' in part
            self.returns = self.returns or b"\r" in part
            self.blanks = self.blanks or b" " in part or b"\t" in part or not text.isascii()
        rest = decoder.getstate()[0]
        if rest:
            raise self.not_text(before, rest, 0, rest[0])

    def not_text(self, before, data, at, byte):
        return self.format.not_text(self.head.key, before + data[:at].count(b"\n") + 1, byte)

    def records(self, size):
        """The records after the header, in parts of about so many bytes, -1 for all in one: (text, separator, lines).

        Between the records of a text is the separator. lines is the number of the line of the first record, of which each is one line, or
        the numbers of all.
        """
        rest, line, header = b"", 1, self.head.lines
        for part, last in with_last(self.parts(size)):
            data = rest + part
            if header:
                if line == 1 and data.startswith(BYTE_ORDER_MARK):
                    data = data[len(BYTE_ORDER_MARK):]
                while header and b"\n" in data:
                    data = data[data.index(b"\n") + 1:]
                    header, line = header - 1, line + 1
                if header:
                    rest = b"" if last else data
                    continue
            end = len(data) if last else data.rfind(b"\n") + 1
            data, rest = data[:end], data[end:]
            if data.endswith(b"\n"):
                data = data[:-1]
            elif not data:
                continue
            if self.quoted and any(self.opens(text) for text in data.split(b"\n")):
                records, lines, open_from = self.joined(data.split(b"\n"), line, last)
                if open_from is not None:
                    rest = b"\n".join(data.split(b"\n")[open_from - line:]) + b"\n" + rest
                    line = open_from
                else:
                    line += data.count(b"\n") + 1
                if records:
                    yield b"\0".join(records).decode("utf-8"), "\0", lines
                continue
            yield data.decode("utf-8"), "\n", line
            line += data.count(b"\n") + 1

    def too_long(self, line):
        return self.contract.refuse("too long", self.head.key, line)

    def unclosed(self, line):
        return self.contract.refuse("unclosed quote", self.head.key, line)

    def opens(self, text):
        """Whether a line opens a quote and does not close it. That line has an odd number of quotes."""
        return odd(text) and not self.format.comments(text) and split(text[:-1] if text.endswith(b"\r") else text, self.format.delimiter.encode())[1] == "open"

    def joined(self, texts, line, last):
        """Records out of lines: one that opens a quote goes on until a line with an odd number of quotes.

        Answers the records, the numbers of their lines, and the line from which on a record is not complete, or None.
        """
        records, lines, i = [], [], 0
        while i < len(texts):
            end = i + 1
            if self.opens(texts[i]):
                size = len(texts[i])
                while end < len(texts):
                    size += 1 + len(texts[end])
                    if size > MAX_RECORD_BYTES:
                        raise self.too_long(line + i)
                    end += 1
                    if odd(texts[end - 1]):
                        break
                else:
                    if last:
                        raise self.unclosed(line + i)
                    return records, lines, line + i
            records.append(b"\n".join(texts[i:end]))
            lines.append(line + i)
            i = end
        return records, lines, None


def with_last(parts):
    """Each part, and whether it is the last."""
    before = None
    for part in parts:
        if before is not None:
            yield before, False
        before = part
    if before is not None:
        yield before, True


def odd(text):
    return text.count(b'"') % 2 == 1
