package etl

import (
	"strings"
	"time"
)

// FlightDate is the day that an object's key says its flights are of: its partition
// "date=YYYY-MM-DD". The error is a *RefusedError.
func FlightDate(key string) (time.Time, error) {
	const prefix = "date="
	var dates []string
	segments := strings.Split(key, "/")
	for _, segment := range segments[:len(segments)-1] {
		if strings.HasPrefix(segment, prefix) {
			dates = append(dates, strings.TrimPrefix(segment, prefix))
		}
	}
	refused := &RefusedError{Key: key, Code: RefusedKey, Mend: "upload it as daily-flights/date=YYYY-MM-DD/<name>.csv"}
	switch len(dates) {
	case 0:
		refused.What = "the key has no date=YYYY-MM-DD partition, so the day of the flights is unknown"
	case 1:
		if day, err := time.Parse(time.DateOnly, dates[0]); err == nil && day.Year() > 0 {
			return day, nil
		}
		refused.What = "the key's partition date=" + dates[0] + " is not a day as YYYY-MM-DD"
	default:
		refused.What = "the key has more than one date= partition: " + strings.Join(dates, ", ")
	}
	return time.Time{}, refused
}
