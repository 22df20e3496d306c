package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"airline/local"
)

// The pace of the stream: how often the world is looked at, at most, and how often a silent connection is kept open.
const (
	lookEvery = 500 * time.Millisecond
	aliveFor  = 15 * time.Second
)

// news is one message of the stream.
type news struct {
	Revision uint64            `json:"revision"`
	Now      string            `json:"now"`
	Values   map[string]string `json:"values"` // by data-live
}

// events tells an open page that something has changed. As long as nothing has, the world is left alone.
func (c *Console) events(w http.ResponseWriter, r *http.Request) {
	flush := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	if _, err := fmt.Fprint(w, "retry: 2000\n\n"); err != nil || flush.Flush() != nil {
		return
	}
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	told, last := uint64(0), time.Now()
	for first := true; ; first = false {
		if revision := c.index.revision.Load(); first || revision != told {
			told = revision
			var text []byte
			err := c.do(func(world *local.World) error {
				n := news{Revision: revision, Now: stamp(world.Now()), Values: map[string]string{}}
				for _, part := range c.index.parts() {
					n.Values[part.ID] = part.Value
				}
				var err error
				text, err = json.Marshal(n)
				return err
			})
			if err != nil {
				return
			}
			if _, err := fmt.Fprintf(w, "data: %s\n\n", text); err != nil || flush.Flush() != nil {
				return
			}
			last = time.Now()
		} else if time.Since(last) > aliveFor {
			if _, err := fmt.Fprint(w, ": alive\n\n"); err != nil || flush.Flush() != nil {
				return
			}
			last = time.Now()
		}
		select {
		case <-r.Context().Done():
			return
		case <-look.C:
		}
	}
}

// stamp is a moment as pages show it: ISO 8601 in UTC.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") }
