package events_test

import (
	"fmt"

	"airline/asl/jsonvalue"
	"airline/local/events"
)

func ExampleTransformer() {
	v, err := jsonvalue.Decode([]byte(`{"id": "1", "detail": {"object": {"key": "say \"hi\".csv", "size": 12}}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	t, err := events.ParseTransformer(
		map[string]string{"key": "$.detail.object.key", "size": "$.detail.object.size", "etag": "$.detail.object.etag"},
		`{"key": <key>, "size": <size>, "etag": <etag>, "text": "<size> bytes"}`,
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(t.Apply(v.(*jsonvalue.Object), events.Predefined{}))
	// Output: {"key":"say \"hi\".csv","size":12,"etag":"","text":"12 bytes"} <nil>
}

func ExamplePattern_Match() {
	p, err := events.ParsePattern(`{"detail": {"key": [{"wildcard": "daily-flights/*.csv"}], "errorCode": [{"exists": false}]}}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, event := range []string{
		`{"detail": {"key": "daily-flights/date=2024-05-01/flights.csv"}}`,
		`{"detail": {"key": "daily-flights/date=2024-05-01/flights.csv", "errorCode": "AccessDenied"}}`,
	} {
		v, err := jsonvalue.Decode([]byte(event))
		fmt.Println(p.Match(v), err)
	}
	// Output:
	// true <nil>
	// false <nil>
}
