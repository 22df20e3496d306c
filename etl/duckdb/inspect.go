package duckdb

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"unicode/utf8"

	"airline/etl"
)

// text is a raw object, uncompressed and known to be UTF-8 without NUL.
type text struct {
	key  string
	path string // of a local file with the text
	own  bool   // the file is a copy that goes when the text is closed
	bom  bool   // it begins with a byte order mark
	// simple: every line is a record and every comma a separator, so that DuckDB can read it by
	// lines and split them: no quotes, no blank lines, line ends all alike.
	simple bool
	crlf   bool // the line ends of a simple text
	blanks bool // there may be blanks or tabs around fields
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// openText checks an object's bytes from end to end, and uncompresses or decodes them into dir if they are gzip or no UTF-8.
// What cannot be text of the contract is a *etl.RefusedError.
func openText(key, path, dir string, format etl.Format) (*text, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	defer file.Close()
	in := bufio.NewReaderSize(file, 4096)
	magic, _ := in.Peek(2)
	compressed := isGzip(magic)
	if !compressed && format.Encoding == etl.UTF8 {
		found := inspection{key: key, format: format}
		if err := found.read(in, io.Discard); err != nil {
			return nil, err
		}
		return found.text(path), nil
	}
	plain, err := os.Create(filepath.Join(dir, "uncompressed"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	defer plain.Close()
	found, from := inspection{key: key, compressed: compressed, format: format}, io.Reader(in)
	if compressed {
		if from, err = gzip.NewReader(in); err != nil {
			return nil, found.damaged(err)
		}
	}
	if err := found.read(from, plain); err != nil {
		return nil, err
	}
	unpacked := found.text(plain.Name())
	unpacked.own = true
	return unpacked, plain.Close()
}

// close removes what was made for the text.
func (t *text) close() {
	if t.own {
		os.Remove(t.path)
	}
}

// ReadHead judges the beginning of a file on this machine, plain or gzip, as that of the object of a key: see etl.Dataset.ReadHead.
func ReadHead(dataset etl.Dataset, key, path string, days etl.Days) (etl.Layout, error) {
	file, err := os.Open(path)
	if err != nil {
		return etl.Layout{}, fmt.Errorf("%s: %w", key, err)
	}
	defer file.Close()
	in := bufio.NewReaderSize(file, 1<<16)
	magic, _ := in.Peek(2)
	f, from := inspection{key: key, compressed: isGzip(magic)}, io.Reader(in)
	if f.compressed {
		if from, err = gzip.NewReader(in); err != nil {
			return etl.Layout{}, f.damaged(err)
		}
	}
	text, err := io.ReadAll(io.LimitReader(from, etl.HeadBytes))
	if err != nil {
		return etl.Layout{}, f.damaged(err)
	}
	return dataset.ReadHead(key, text, f.compressed, days)
}

// isGzip knows gzip's magic number, RFC 1952.
func isGzip(magic []byte) bool { return bytes.Equal(magic, []byte{0x1f, 0x8b}) }

// open reads the text from its beginning, without the byte order mark.
func (t *text) open() (io.ReadCloser, error) {
	file, err := os.Open(t.path)
	if err != nil {
		return nil, err
	}
	if t.bom {
		if _, err := file.Seek(int64(len(byteOrderMark)), io.SeekStart); err != nil {
			file.Close()
			return nil, err
		}
	}
	return file, nil
}

// inspection is what one look at all bytes tells.
type inspection struct {
	key        string
	compressed bool
	format     etl.Format

	size            int64
	lines           int64 // line feeds so far
	lineBytes       int64 // since the last of them
	last            [2]byte
	bom             bool
	odd             bool // a quote, a blank line or a control character that the simple way would trip over
	lf, cr, crlf    int64
	beginsWithBlank bool
	blanks          bool // bytes with which blanks begin
}

// blankBytes are the first bytes of the characters that are taken off texts, each once.
var blankBytes = func() (first []byte) {
	for _, r := range etl.Blanks() {
		if b := string(r)[0]; !slices.Contains(first, b) {
			first = append(first, b)
		}
	}
	return first
}()

// chunk is how much is looked at at once: it fits a core's cache, because it is looked at several
// times over, each time by one of the standard library's vectorised searches.
const chunk = 1 << 18

// read inspects everything that in has and copies it to out.
func (f *inspection) read(in io.Reader, out io.Writer) error {
	buffer := make([]byte, chunk)
	carried := 0 // bytes of an unfinished character at the buffer's beginning
	for {
		n, err := fill(in, buffer[carried:])
		end := err == io.EOF
		if err != nil && !end {
			return f.damaged(err)
		}
		data := buffer[:carried+n]
		if f.format.Encoding != etl.UTF8 { // each byte is a character, so nothing is carried
			data = f.format.Decode(data)
		}
		if _, err := out.Write(data[carried:]); err != nil {
			return fmt.Errorf("%s: %w", f.key, err)
		}
		whole := data
		if !end {
			whole = data[:len(data)-unfinished(data)]
		}
		if err := f.look(whole); err != nil {
			return err
		}
		if end {
			return nil
		}
		carried = copy(buffer, data[len(whole):])
	}
}

// fill reads until the buffer is full or in ends. Unlike io.ReadFull it leaves in's errors alone: a
// gzip stream that ends too early says so with io.ErrUnexpectedEOF.
func fill(in io.Reader, buffer []byte) (n int, err error) {
	for n < len(buffer) && err == nil {
		var got int
		got, err = in.Read(buffer[n:])
		n += got
	}
	return n, err
}

// look inspects the next bytes, which end at the end of a character.
func (f *inspection) look(data []byte) error {
	if len(data) == 0 {
		return nil
	}
	if f.size == 0 {
		f.bom = bytes.HasPrefix(data, byteOrderMark)
		begin := data
		if f.bom {
			begin = data[len(byteOrderMark):]
		}
		f.beginsWithBlank = bytes.HasPrefix(begin, []byte("\n")) || bytes.HasPrefix(begin, []byte("\r")) || f.format.Comments(begin)
	}
	f.size += int64(len(data))
	if f.format.Encoding != etl.UTF8 || !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		if at, b := f.format.BadByte(data); at >= 0 {
			return f.format.NotText(f.key, f.lines+int64(bytes.Count(data[:at], []byte{'\n'}))+1, b)
		}
	}
	return f.lookAtLines(data)
}

func (f *inspection) lookAtLines(data []byte) error {
	boundary := [4]byte{f.last[0], f.last[1], data[0]}
	if len(data) > 1 {
		boundary[3] = data[1]
	}
	f.odd = f.odd || bytes.IndexByte(data, '"') >= 0 || bytes.IndexByte(data, controlDelimiter[0]) >= 0 ||
		bytes.Contains(data, []byte("\n\n")) || bytes.Contains(boundary[:], []byte("\n\n"))
	if mark := f.format.Comment; mark != "" && !f.odd {
		line := []byte("\n" + mark[:1])
		f.odd = bytes.Contains(data, line) || bytes.Contains(boundary[:], line)
	}
	for _, b := range blankBytes {
		f.blanks = f.blanks || bytes.IndexByte(data, b) >= 0
	}
	lf, cr := bytes.Count(data, []byte{'\n'}), bytes.Count(data, []byte{'\r'})
	if cr > 0 || f.last[1] == '\r' {
		f.crlf += int64(bytes.Count(data, []byte("\r\n")))
		if f.last[1] == '\r' && data[0] == '\n' {
			f.crlf++
		}
		f.odd = f.odd || bytes.Contains(data, []byte("\n\r\n")) || bytes.Contains(boundary[:], []byte("\n\r\n"))
	}
	f.lf, f.cr = f.lf+int64(lf), f.cr+int64(cr)

	// A line longer than a chunk shows as chunks without a line feed.
	first, last := len(data), -1
	if lf > 0 {
		first, last = bytes.IndexByte(data, '\n'), bytes.LastIndexByte(data, '\n')
	}
	if f.lineBytes+int64(first) > etl.MaxRecordBytes {
		return etl.Refuse("too long", f.key, f.lines+1)
	}
	if last >= 0 {
		f.lineBytes = int64(len(data) - last - 1)
	} else {
		f.lineBytes += int64(len(data))
	}
	f.lines += int64(lf)
	if len(data) > 1 {
		f.last = [2]byte{data[len(data)-2], data[len(data)-1]}
	} else {
		f.last = [2]byte{f.last[1], data[0]}
	}
	return nil
}

func (f *inspection) text(path string) *text {
	return &text{key: f.key, path: path, bom: f.bom, crlf: f.cr > 0, blanks: f.blanks,
		simple: !f.odd && !f.beginsWithBlank && (f.cr == 0 || f.cr == f.crlf && f.lf == f.crlf)}
}

func (f *inspection) damaged(err error) error {
	if !f.compressed {
		return fmt.Errorf("%s: %w", f.key, err)
	}
	return etl.Refuse("gzip", f.key, 0)
}

// unfinished is how many bytes at the end of data begin a character that goes on after it.
func unfinished(data []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(data); n++ {
		if tail := data[len(data)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}
