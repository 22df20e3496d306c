package wire

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// appendInterval appends PostgreSQL's form of an interval, given as "1 year 2 mons 3 days -04:05:06.5": microseconds, days and months.
func appendInterval(to []byte, s string) ([]byte, error) {
	var micros, days, months int64
	words := strings.Fields(s)
	for i := 0; i < len(words); i++ {
		if strings.Contains(words[i], ":") {
			n, err := clockMicros(words[i])
			if err != nil {
				return to, err
			}
			micros += n
			continue
		}
		n, err := strconv.ParseInt(words[i], 10, 32)
		if err != nil || i+1 == len(words) {
			return to, fmt.Errorf("%q is no interval", s)
		}
		i++
		switch strings.TrimSuffix(words[i], "s") {
		case "year":
			months += 12 * n
		case "mon":
			months += n
		case "day":
			days += n
		default:
			return to, fmt.Errorf("%q is no interval", s)
		}
	}
	to = binary.BigEndian.AppendUint64(to, uint64(micros))
	to = binary.BigEndian.AppendUint32(to, uint32(int32(days)))
	return binary.BigEndian.AppendUint32(to, uint32(int32(months))), nil
}

// clockMicros is [-]hours:minutes:seconds[.fraction] in microseconds.
func clockMicros(s string) (int64, error) {
	clock, negative := strings.CutPrefix(s, "-")
	parts := strings.Split(clock, ":")
	if len(parts) != 3 {
		return 0, fmt.Errorf("%q is no time", s)
	}
	hours, err := strconv.ParseInt(parts[0], 10, 32)
	if err != nil {
		return 0, err
	}
	minutes, err := strconv.ParseInt(parts[1], 10, 32)
	if err != nil {
		return 0, err
	}
	seconds, err := strconv.ParseFloat(parts[2], 64)
	if err != nil {
		return 0, err
	}
	n := (hours*60+minutes)*60_000_000 + int64(math.Round(seconds*1e6))
	if negative {
		n = -n
	}
	return n, nil
}

// intervalText is the text of an interval in PostgreSQL's form.
func intervalText(b []byte) string {
	micros, days, months := int64(binary.BigEndian.Uint64(b)), int32(binary.BigEndian.Uint32(b[8:])), int32(binary.BigEndian.Uint32(b[12:]))
	sign, rest := "", uint64(micros)
	if micros < 0 {
		sign, rest = "-", -rest
	}
	return fmt.Sprintf("%d mons %d days %s%02d:%02d:%02d.%06d", months, days, sign, rest/3_600_000_000, rest/60_000_000%60, rest/1_000_000%60, rest%1_000_000)
}
