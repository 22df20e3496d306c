package stream

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/big"
	"strconv"
	"time"
	"unsafe"

	duck "github.com/duckdb/duckdb-go-bindings"
)

// vector is a column of the present chunk.
type vector struct {
	write writeFunc
	data  unsafe.Pointer
	valid unsafe.Pointer // a bit a row; nil: all are valid
	rows  int
	child *vector        // of a list
	zone  *time.Location // of a timestamp with time zone; nil: UTC
}

// writeFunc appends the value in a row of a vector.
type writeFunc func(to []byte, v *vector, row int) []byte

func newVector(t Type) (*vector, error) {
	write, err := writer(t)
	v := &vector{write: write}
	if err == nil && t.ID == duck.TypeList {
		v.child, err = newVector(*t.Element)
	}
	return v, err
}

func (v *vector) load(raw duck.Vector, rows int) {
	v.data, v.valid, v.rows = duck.VectorGetData(raw), duck.VectorGetValidity(raw), rows
	if v.child != nil {
		v.child.load(duck.ListVectorGetChild(raw), int(duck.ListVectorGetSize(raw)))
	}
}

func (v *vector) null(row int) bool {
	return v.valid != nil && unsafe.Slice((*uint64)(v.valid), row/64+1)[row/64]&(1<<(row%64)) == 0
}

// at is the value in a row.
func at[T any](v *vector, row int) T { return unsafe.Slice((*T)(v.data), v.rows)[row] }

func integer[T int8 | int16 | int32 | int64](to []byte, v *vector, row int) []byte {
	return strconv.AppendInt(to, int64(at[T](v, row)), 10)
}

func unsigned[T uint8 | uint16 | uint32 | uint64](to []byte, v *vector, row int) []byte {
	return strconv.AppendUint(to, uint64(at[T](v, row)), 10)
}

// writer says how values of a type are written: as Redshift writes them for its clients.
func writer(t Type) (writeFunc, error) {
	switch t.ID {
	case duck.TypeBoolean:
		return boolean, nil
	case duck.TypeTinyInt:
		return integer[int8], nil
	case duck.TypeSmallInt:
		return integer[int16], nil
	case duck.TypeInteger:
		return integer[int32], nil
	case duck.TypeBigInt:
		return integer[int64], nil
	case duck.TypeUTinyInt:
		return unsigned[uint8], nil
	case duck.TypeUSmallInt:
		return unsigned[uint16], nil
	case duck.TypeUInteger:
		return unsigned[uint32], nil
	case duck.TypeUBigInt:
		return unsigned[uint64], nil
	case duck.TypeHugeInt:
		return decimal(128, 0), nil
	case duck.TypeDecimal:
		return decimal(bits(t.Width), t.Scale), nil
	case duck.TypeFloat:
		return func(to []byte, v *vector, row int) []byte { return AppendFloat(to, float64(at[float32](v, row)), 6) }, nil
	case duck.TypeDouble:
		return func(to []byte, v *vector, row int) []byte { return AppendFloat(to, at[float64](v, row), 15) }, nil
	case duck.TypeVarchar:
		return text, nil
	case duck.TypeBlob:
		return blob, nil
	case duck.TypeDate:
		return func(to []byte, v *vector, row int) []byte { return appendDate(to, int64(at[int32](v, row))) }, nil
	case duck.TypeTime:
		return func(to []byte, v *vector, row int) []byte { return appendClock(to, at[int64](v, row)) }, nil
	case duck.TypeTimeTZ:
		return timeWithZone, nil
	case duck.TypeTimestamp:
		return func(to []byte, v *vector, row int) []byte { return appendTimestamp(to, at[int64](v, row)) }, nil
	case duck.TypeTimestampTZ:
		return zoned, nil
	case duck.TypeInterval:
		return interval, nil
	case duck.TypeEnum:
		return enum(t.labels), nil
	case duck.TypeList:
		return list, nil
	case duck.TypeSQLNull:
		return text, nil // never called
	}
	return nil, fmt.Errorf("values of DuckDB's type %d have no form in Redshift", t.ID)
}

func boolean(to []byte, v *vector, row int) []byte {
	if at[uint8](v, row) != 0 {
		return append(to, 't')
	}
	return append(to, 'f')
}

// str is duckdb_string_t: up to 12 bytes within, longer ones elsewhere.
type str struct {
	length uint32
	prefix [4]byte
	rest   [8]byte
}

func (s *str) bytes() []byte {
	if s.length <= 12 {
		return unsafe.Slice(&s.prefix[0], s.length)
	}
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&s.rest)), s.length)
}

func text(to []byte, v *vector, row int) []byte {
	return append(to, unsafe.Slice((*str)(v.data), v.rows)[row].bytes()...)
}

// blob writes hexadecimal digits, as Redshift writes VARBYTE.
func blob(to []byte, v *vector, row int) []byte {
	return hex.AppendEncode(to, unsafe.Slice((*str)(v.data), v.rows)[row].bytes())
}

func enum(labels []string) writeFunc {
	return func(to []byte, v *vector, row int) []byte {
		switch n := len(labels); {
		case n <= 1<<8:
			return append(to, labels[at[uint8](v, row)]...)
		case n <= 1<<16:
			return append(to, labels[at[uint16](v, row)]...)
		}
		return append(to, labels[at[uint32](v, row)]...)
	}
}

// bits is the size of the integer in which a decimal of so many digits is kept.
func bits(width int) int {
	switch {
	case width <= 4:
		return 16
	case width <= 9:
		return 32
	case width <= 18:
		return 64
	}
	return 128
}

type huge struct {
	lower uint64
	upper int64
}

func decimal(size, scale int) writeFunc {
	switch size {
	case 16:
		return func(to []byte, v *vector, row int) []byte { return appendScaled(to, int64(at[int16](v, row)), scale) }
	case 32:
		return func(to []byte, v *vector, row int) []byte { return appendScaled(to, int64(at[int32](v, row)), scale) }
	case 64:
		return func(to []byte, v *vector, row int) []byte { return appendScaled(to, at[int64](v, row), scale) }
	}
	return func(to []byte, v *vector, row int) []byte {
		h := at[huge](v, row)
		if h.upper == 0 && h.lower>>63 == 0 || h.upper == -1 && h.lower>>63 == 1 {
			return appendScaled(to, int64(h.lower), scale)
		}
		n := new(big.Int).Lsh(big.NewInt(h.upper), 64)
		n.Add(n, new(big.Int).SetUint64(h.lower))
		if n.Sign() < 0 {
			to = append(to, '-')
		}
		return point(to, new(big.Int).Abs(n).Append(nil, 10), scale)
	}
}

func appendScaled(to []byte, n int64, scale int) []byte {
	var digits [20]byte
	if n < 0 {
		to = append(to, '-')
		return point(to, strconv.AppendUint(digits[:0], uint64(-n), 10), scale)
	}
	return point(to, strconv.AppendUint(digits[:0], uint64(n), 10), scale)
}

// point appends digits with a decimal point before the last ones: 150 with scale 2 is 1.50.
func point(to, digits []byte, scale int) []byte {
	if scale == 0 {
		return append(to, digits...)
	}
	if len(digits) <= scale {
		to = append(to, "0."...)
		for range scale - len(digits) {
			to = append(to, '0')
		}
		return append(to, digits...)
	}
	to = append(to, digits[:len(digits)-scale]...)
	to = append(to, '.')
	return append(to, digits[len(digits)-scale:]...)
}

// AppendFloat appends a number with so many significant digits, as PostgreSQL 8.0 does: 15 for DOUBLE PRECISION and 6 for REAL.
func AppendFloat(to []byte, f float64, digits int) []byte {
	switch {
	case f != f:
		return append(to, "NaN"...)
	case f > 1.797693134862315708145274237317043567981e+308:
		return append(to, "Infinity"...)
	case f < -1.797693134862315708145274237317043567981e+308:
		return append(to, "-Infinity"...)
	}
	return strconv.AppendFloat(to, f, 'g', digits, 64)
}

const (
	second = 1_000_000
	day    = 24 * 60 * 60 * second
)

func appendDate(to []byte, days int64) []byte {
	year, month, date := time.Unix(days*86400, 0).UTC().Date()
	era := ""
	if year <= 0 {
		year, era = 1-year, " BC"
	}
	to = padded(to, year, 4)
	to = padded(append(to, '-'), int(month), 2)
	to = padded(append(to, '-'), date, 2)
	return append(to, era...)
}

// padded appends a number with at least so many digits.
func padded(to []byte, n, digits int) []byte {
	for limit := 10; digits > 1; digits-- {
		if n < limit {
			for range digits - 1 {
				to = append(to, '0')
			}
			break
		}
		limit *= 10
	}
	return strconv.AppendInt(to, int64(n), 10)
}

// appendClock appends a time of day in microseconds, without the zeros at the end of a fraction.
func appendClock(to []byte, micros int64) []byte {
	seconds := int(micros / second)
	to = padded(to, seconds/3600, 2)
	to = padded(append(to, ':'), seconds/60%60, 2)
	to = padded(append(to, ':'), seconds%60, 2)
	if fraction := int(micros % second); fraction != 0 {
		to = padded(append(to, '.'), fraction, 6)
		for to[len(to)-1] == '0' {
			to = to[:len(to)-1]
		}
	}
	return to
}

func appendTimestamp(to []byte, micros int64) []byte {
	days := micros / day
	clock := micros % day
	if clock < 0 {
		days, clock = days-1, clock+day
	}
	to = appendDate(to, days)
	var era []byte
	if n := len(to) - 3; to[len(to)-1] == 'C' { // BC stands after the time
		era, to = append(era, to[n:]...), to[:n]
	}
	to = appendClock(append(to, ' '), clock)
	return append(to, era...)
}

// zoned writes a timestamp with its time zone: what the clock shows there, and how far it is from UTC.
func zoned(to []byte, v *vector, row int) []byte {
	micros := at[int64](v, row)
	offset := 0
	if v.zone != nil {
		_, offset = time.UnixMicro(micros).In(v.zone).Zone()
	}
	to = appendTimestamp(to, micros+int64(offset)*1_000_000)
	to, bc := bytes.CutSuffix(to, []byte(" BC"))
	if to = appendOffset(to, offset); bc {
		to = append(to, " BC"...)
	}
	return to
}

// appendOffset writes an offset in seconds east of UTC: +hh, and minutes and seconds where it has some.
func appendOffset(to []byte, offset int) []byte {
	sign := byte('+')
	if offset < 0 {
		sign, offset = '-', -offset
	}
	to = padded(append(to, sign), offset/3600, 2)
	if rest := offset % 3600; rest != 0 {
		to = padded(append(to, ':'), rest/60, 2)
		if rest%60 != 0 {
			to = padded(append(to, ':'), rest%60, 2)
		}
	}
	return to
}

// timeWithZone writes duckdb_time_tz: 40 bits of microseconds, 24 of the offset, counted down from its greatest value.
func timeWithZone(to []byte, v *vector, row int) []byte {
	bits := at[uint64](v, row)
	to = appendClock(to, int64(bits>>24))
	return appendOffset(to, 16*3600-1-int(bits&(1<<24-1)))
}

type span struct {
	months, days int32
	micros       int64
}

// interval writes as PostgreSQL 8.0 does: 1 year 2 mons 3 days 04:05:06.
func interval(to []byte, v *vector, row int) []byte {
	s, begun := at[span](v, row), len(to)
	part := func(n int32, unit string) {
		if n == 0 {
			return
		}
		if len(to) > begun {
			to = append(to, ' ')
		}
		to = append(strconv.AppendInt(to, int64(n), 10), unit...)
		if n != 1 && n != -1 {
			to = append(to, 's')
		}
	}
	part(s.months/12, " year")
	part(s.months%12, " mon")
	part(s.days, " day")
	if s.micros == 0 && len(to) > begun {
		return to
	}
	if len(to) > begun {
		to = append(to, ' ')
	}
	if s.micros < 0 {
		to, s.micros = append(to, '-'), -s.micros
	}
	return appendClock(to, s.micros)
}

type entry struct{ offset, length uint64 }

// list writes PostgreSQL's form of an array: {1,2}.
func list(to []byte, v *vector, row int) []byte {
	e := at[entry](v, row)
	to = append(to, '{')
	for i := range int(e.length) {
		if i > 0 {
			to = append(to, ',')
		}
		n := int(e.offset) + i
		if v.child.null(n) {
			to = append(to, "NULL"...)
			continue
		}
		begun := len(to)
		to = v.child.write(to, v.child, n)
		if v.child.child == nil {
			to = quoteElement(to, begun)
		}
	}
	return append(to, '}')
}

// quoteElement puts an element of an array into quotes where it needs them.
func quoteElement(to []byte, begun int) []byte {
	plain := len(to) > begun
	for _, b := range to[begun:] {
		switch b {
		case '{', '}', ',', '"', '\\', ' ', '\t', '\n':
			plain = false
		}
	}
	if plain {
		return to
	}
	value := string(to[begun:])
	to = append(to[:begun], '"')
	for i := range len(value) {
		if value[i] == '"' || value[i] == '\\' {
			to = append(to, '\\')
		}
		to = append(to, value[i])
	}
	return append(to, '"')
}
