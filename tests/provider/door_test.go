package provider

import (
	"encoding/json"
	"net/http"
)

// What the emulator's door (motion.py) does to the account, which on AWS time, people or other programs do.

// expire makes the Data API forget its statements, as it does after a day.
func (d *deployment) expire() { d.t.Helper(); d.door("expire", nil, nil) }

// newParameter makes AWS give every workgroup one parameter more.
func (d *deployment) newParameter(key, value string) {
	d.t.Helper()
	d.door("parameter", map[string]any{"key": key, "value": value}, nil)
}

// fault makes the next request for an action, whose body contains a text, fail.
func (d *deployment) fault(action, contains, code, message string) {
	d.t.Helper()
	d.door("fault", map[string]any{"action": action, "contains": contains, "code": code, "message": message}, nil)
}

// database is what the statements left in a warehouse.
type database struct {
	Database string                         `json:"database"`
	Users    []string                       `json:"users"`
	Tables   []string                       `json:"tables"`
	Rights   map[string]map[string][]string `json:"rights"` // tables by user and right
}

// databases are those that the account ever had, the first one first.
func (d *deployment) databases() []database {
	d.t.Helper()
	var all []database
	d.door("databases", nil, &all)
	return all
}

// snapshots are the names of the snapshots of serverless warehouses.
func (d *deployment) snapshots() []string {
	d.t.Helper()
	var all []string
	d.door("snapshots", nil, &all)
	return all
}

func (d *deployment) door(verb string, arguments map[string]any, into any) {
	d.t.Helper()
	body, err := json.Marshal(arguments)
	if err != nil {
		d.t.Fatal(err)
	}
	if arguments == nil {
		body = []byte("{}")
	}
	status, text := d.postTo("/airline/"+verb, "airline", nil, string(body))
	if status != http.StatusOK {
		d.t.Fatalf("the emulator's door: %s: %d\n%s", verb, status, text)
	}
	if into != nil {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			d.t.Fatalf("the emulator's door: %s: %v\n%s", verb, err, text)
		}
	}
}
