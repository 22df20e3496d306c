package wire

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// hasBinary reports whether values of a type have a binary form here: PostgreSQL's, for the types that both have.
func hasBinary(oid uint32) bool {
	switch oid {
	case OIDBool, OIDChar, OIDName, OIDInt8, OIDInt2, OIDInt4, OIDText, OIDOID, OIDXID, OIDFloat4, OIDFloat8, OIDUnknown, OIDBPChar, OIDVarchar, OIDDate, OIDTime, OIDTimeTZ,
		OIDTimestamp, OIDTimestampTZ, OIDInterval, OIDNumeric, OIDSuper, OIDVarbyte:
		return true
	}
	return false
}

// epoch is the beginning of PostgreSQL's dates and times.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

const (
	dateLayout  = "2006-01-02"
	clockLayout = "15:04:05.999999"
	stampLayout = dateLayout + " " + clockLayout
)

// appendBinary appends the binary form of a value that is given as text.
func appendBinary(to []byte, oid uint32, text []byte) ([]byte, error) {
	s := string(text)
	switch oid {
	case OIDBool:
		if s == "t" {
			return append(to, 1), nil
		}
		return append(to, 0), nil
	case OIDInt2:
		n, err := strconv.ParseInt(s, 10, 16)
		return binary.BigEndian.AppendUint16(to, uint16(n)), err
	case OIDInt4:
		n, err := strconv.ParseInt(s, 10, 32)
		return binary.BigEndian.AppendUint32(to, uint32(n)), err
	case OIDOID, OIDXID:
		n, err := strconv.ParseUint(s, 10, 32)
		return binary.BigEndian.AppendUint32(to, uint32(n)), err
	case OIDInt8:
		n, err := strconv.ParseInt(s, 10, 64)
		return binary.BigEndian.AppendUint64(to, uint64(n)), err
	case OIDFloat4:
		f, err := strconv.ParseFloat(s, 32)
		return binary.BigEndian.AppendUint32(to, math.Float32bits(float32(f))), err
	case OIDFloat8:
		f, err := strconv.ParseFloat(s, 64)
		return binary.BigEndian.AppendUint64(to, math.Float64bits(f)), err
	case OIDDate:
		t, err := time.Parse(dateLayout, s)
		return binary.BigEndian.AppendUint32(to, uint32(int32((t.Unix()-epoch.Unix())/86400))), err
	case OIDTime:
		t, err := time.Parse(clockLayout, s)
		return binary.BigEndian.AppendUint64(to, uint64(t.Sub(t.Truncate(24*time.Hour)).Microseconds())), err
	case OIDTimeTZ:
		t, offset, err := zonedClock(s)
		to = binary.BigEndian.AppendUint64(to, uint64(t.Sub(t.Truncate(24*time.Hour)).Microseconds()))
		return binary.BigEndian.AppendUint32(to, uint32(int32(-offset))), err
	case OIDTimestamp:
		t, err := time.Parse(stampLayout, s)
		return binary.BigEndian.AppendUint64(to, uint64(t.UnixMicro()-epoch.UnixMicro())), err
	case OIDTimestampTZ:
		t, err := time.Parse(stampLayout+"Z07", s)
		for _, zone := range []string{"Z07:00", "Z07:00:00"} {
			if err != nil {
				t, err = time.Parse(stampLayout+zone, s)
			}
		}
		return binary.BigEndian.AppendUint64(to, uint64(t.UnixMicro()-epoch.UnixMicro())), err
	case OIDInterval:
		return appendInterval(to, s)
	case OIDNumeric:
		return appendNumeric(to, s)
	case OIDVarbyte:
		return hex.AppendDecode(to, text)
	}
	return append(to, text...), nil
}

// zonedClock reads a time of day with its offset, in seconds east of UTC: 01:02:03+02, 01:02:03.5-03:30. The time is what the clock shows.
func zonedClock(s string) (clock time.Time, offset int, err error) {
	for _, zone := range []string{"Z07", "Z07:00"} {
		if clock, err = time.Parse(clockLayout+zone, s); err == nil {
			_, offset = clock.Zone()
			return time.Date(2000, 1, 1, clock.Hour(), clock.Minute(), clock.Second(), clock.Nanosecond(), time.UTC), offset, nil
		}
	}
	return clock, 0, err
}

// appendNumeric appends PostgreSQL's form of a decimal: digits of base 10,000, the weight of the first, sign and scale.
func appendNumeric(to []byte, s string) ([]byte, error) {
	digits, negative := strings.CutPrefix(s, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	scale := len(fraction)
	whole = strings.Repeat("0", (4-len(whole)%4)%4) + whole
	fraction += strings.Repeat("0", (4-len(fraction)%4)%4)
	weight := len(whole)/4 - 1
	var groups []uint16
	for all := whole + fraction; all != ""; all = all[4:] {
		n, err := strconv.ParseUint(all[:4], 10, 16)
		if err != nil {
			return to, err
		}
		groups = append(groups, uint16(n))
	}
	for len(groups) > 0 && groups[0] == 0 {
		groups, weight = groups[1:], weight-1
	}
	for len(groups) > 0 && groups[len(groups)-1] == 0 {
		groups = groups[:len(groups)-1]
	}
	sign := uint16(0)
	if negative {
		sign = 0x4000
	}
	if len(groups) == 0 {
		weight, sign = 0, 0
	}
	for _, n := range append([]uint16{uint16(len(groups)), uint16(int16(weight)), sign, uint16(scale)}, groups...) {
		to = binary.BigEndian.AppendUint16(to, n)
	}
	return to, nil
}

var errLength = errors.New("the length is not that of the type")

// textOf is the value of an argument as text.
func textOf(value []byte, format int16, oid uint32) (Argument, error) {
	if value == nil {
		return nil, nil
	}
	text := string(value)
	switch format {
	case textFormat:
	case binaryFormat:
		var err error
		if text, err = binaryText(value, oid); err != nil {
			return nil, failure(badBinary, "incorrect binary data format for a parameter of the type with OID %d: %v", oid, err)
		}
	default:
		return nil, failure(protocolViolation, "unsupported format code: %d", format)
	}
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return nil, failure(notUTF8, "invalid byte sequence for encoding \"UTF8\" in a parameter")
	}
	return append(Argument{}, text...), nil
}

// binaryText is the text of a value in binary form.
func binaryText(b []byte, oid uint32) (string, error) {
	if size := SizeOf(oid); size > 0 && oid != OIDName && len(b) != int(size) {
		return "", errLength
	}
	switch oid {
	case OIDBool:
		return strconv.FormatBool(b[0] != 0), nil
	case OIDInt2:
		return strconv.Itoa(int(int16(binary.BigEndian.Uint16(b)))), nil
	case OIDInt4:
		return strconv.Itoa(int(int32(binary.BigEndian.Uint32(b)))), nil
	case OIDOID, OIDXID:
		return strconv.FormatUint(uint64(binary.BigEndian.Uint32(b)), 10), nil
	case OIDInt8:
		return strconv.FormatInt(int64(binary.BigEndian.Uint64(b)), 10), nil
	case OIDFloat4:
		return strconv.FormatFloat(float64(math.Float32frombits(binary.BigEndian.Uint32(b))), 'g', -1, 32), nil
	case OIDFloat8:
		return strconv.FormatFloat(math.Float64frombits(binary.BigEndian.Uint64(b)), 'g', -1, 64), nil
	case OIDDate:
		return epoch.AddDate(0, 0, int(int32(binary.BigEndian.Uint32(b)))).Format(dateLayout), nil
	case OIDTime:
		return epoch.Add(time.Duration(binary.BigEndian.Uint64(b)) * time.Microsecond).Format(clockLayout), nil
	case OIDTimeTZ: // microseconds of the clock, and seconds west of UTC
		clock := epoch.Add(time.Duration(binary.BigEndian.Uint64(b)) * time.Microsecond)
		offset := -int(int32(binary.BigEndian.Uint32(b[8:])))
		zoned := time.Date(2000, 1, 1, clock.Hour(), clock.Minute(), clock.Second(), clock.Nanosecond(), time.FixedZone("", offset))
		return zoned.Format(clockLayout + "-07:00"), nil
	case OIDTimestamp:
		return moment(b).Format(stampLayout), nil
	case OIDTimestampTZ:
		return moment(b).Format(stampLayout) + "+00", nil
	case OIDInterval:
		return intervalText(b), nil
	case OIDNumeric:
		return numericText(b)
	case OIDVarbyte, 17: // bytea, which drivers of PostgreSQL send
		return hex.EncodeToString(b), nil
	case 0, OIDText, OIDVarchar, OIDBPChar, OIDName, OIDUnknown, OIDSuper, OIDChar:
		return string(b), nil
	}
	return "", errors.New("it has no binary form here: send text")
}

func moment(b []byte) time.Time {
	return time.UnixMicro(int64(binary.BigEndian.Uint64(b)) + epoch.UnixMicro()).UTC()
}

func numericText(b []byte) (string, error) {
	if len(b) < 8 || len(b) != 8+2*int(binary.BigEndian.Uint16(b)) {
		return "", errLength
	}
	weight, sign, scale := int(int16(binary.BigEndian.Uint16(b[2:]))), binary.BigEndian.Uint16(b[4:]), int(binary.BigEndian.Uint16(b[6:]))
	if sign == 0xc000 {
		return "NaN", nil
	}
	if weight > 100 || weight < -100 || scale > 400 || len(b) > 200 {
		return "", errors.New("it has more than 38 digits")
	}
	value := new(big.Rat)
	base := big.NewRat(10_000, 1)
	for rest := b[8:]; len(rest) > 0; rest = rest[2:] {
		value.Mul(value, base)
		value.Add(value, big.NewRat(int64(binary.BigEndian.Uint16(rest)), 1))
	}
	for exponent := weight + 1 - (len(b)-8)/2; exponent != 0; {
		if exponent > 0 {
			value.Mul(value, base)
			exponent--
		} else {
			value.Quo(value, base)
			exponent++
		}
	}
	if sign == 0x4000 {
		value.Neg(value)
	}
	return value.FloatString(scale), nil
}
