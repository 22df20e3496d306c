package glue

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
)

// State is what the catalog holds and what the crawlers remember, for a world that goes on later. Runs of crawlers and jobs
// are not kept.
type State struct {
	Tables   []TableKept            `json:"tables"`
	Crawlers map[string]CrawlerKept `json:"crawlers"`
}

// TableKept is a table with its partitions.
type TableKept struct {
	Table      types.Table       `json:"table"`
	Version    int               `json:"version"`
	Partitions []types.Partition `json:"partitions"`
}

// CrawlerKept is what a crawler remembers between two crawls.
type CrawlerKept struct {
	Last    *types.LastCrawlInfo `json:"last,omitempty"`
	History []time.Duration      `json:"history"`
	Seen    map[string]SeenKept  `json:"seen"`
	Known   map[string]KnownKept `json:"known"`
}

// SeenKept is what is known of an object by its bucket and key.
type SeenKept struct {
	ETag           string               `json:"etag"`
	Size           int64                `json:"size"`
	Classification string               `json:"classification,omitempty"`
	Compression    string               `json:"compression,omitempty"`
	Delimiter      string               `json:"delimiter,omitempty"`
	Quote          string               `json:"quote,omitempty"`
	Header         bool                 `json:"header,omitempty"`
	Quoted         bool                 `json:"quoted,omitempty"`
	Columns        [][2]string          `json:"columns,omitempty"` // name and type
	Rows           int                  `json:"rows,omitempty"`
	Sampled        int                  `json:"sampled,omitempty"`
	Serde          types.CsvSerdeOption `json:"serde,omitempty"`
}

// KnownKept are the numbers of a table and its partitions: objects, rows, bytes.
type KnownKept struct {
	Stats      [3]int64            `json:"stats"`
	Partitions map[string][3]int64 `json:"partitions"`
}

// State is what catalog and crawlers hold now.
func (s *Service) State() State {
	state := State{Tables: []TableKept{}, Crawlers: map[string]CrawlerKept{}}
	for _, name := range sortedKeys(s.databases) {
		for _, t := range s.databases[name].sorted() {
			kept := TableKept{Table: t.Table, Version: t.version, Partitions: []types.Partition{}}
			for _, values := range sortedKeys(t.partitions) {
				kept.Partitions = append(kept.Partitions, *t.partitions[values])
			}
			state.Tables = append(state.Tables, kept)
		}
	}
	for name, c := range s.crawlers {
		kept := CrawlerKept{Last: c.last, History: c.history, Seen: map[string]SeenKept{}, Known: map[string]KnownKept{}}
		for id, o := range c.seen {
			f := o.schema
			seen := SeenKept{
				ETag: o.etag, Size: o.size, Classification: f.classification, Compression: f.compression, Delimiter: f.delimiter, Quote: f.quote,
				Header: f.header, Quoted: f.quoted, Rows: f.rows, Sampled: f.sampled, Serde: f.serde,
			}
			for _, column := range f.columns {
				seen.Columns = append(seen.Columns, [2]string{column.name, column.typ})
			}
			kept.Seen[id] = seen
		}
		for table, k := range c.known {
			known := KnownKept{Stats: [3]int64{k.stats.objects, k.stats.rows, k.stats.bytes}, Partitions: map[string][3]int64{}}
			for folder, n := range k.partitions {
				known.Partitions[folder] = [3]int64{n.objects, n.rows, n.bytes}
			}
			kept.Known[table] = known
		}
		state.Crawlers[name] = kept
	}
	return state
}

// Restore gives the databases and crawlers that will be deployed what they held before. It comes before the stack's
// resources.
func (s *Service) Restore(state State) { s.kept = state }

func (s *Service) restoreTables(d *database) {
	for _, kept := range s.kept.Tables {
		if !strings.EqualFold(aws.ToString(kept.Table.DatabaseName), d.name) {
			continue
		}
		t := &table{Table: kept.Table, version: kept.Version, partitions: map[string]*types.Partition{}}
		for _, p := range kept.Partitions {
			t.partitions[valuesKey(p.Values)] = &p
		}
		d.tables[strings.ToLower(aws.ToString(kept.Table.Name))] = t
	}
}

func (s *Service) restoreCrawler(c *crawler) {
	kept, ok := s.kept.Crawlers[c.name]
	if !ok {
		return
	}
	c.last, c.history = kept.Last, kept.History
	for id, o := range kept.Seen {
		f := schema{
			classification: o.Classification, compression: o.Compression, delimiter: o.Delimiter, quote: o.Quote, header: o.Header, quoted: o.Quoted,
			rows: o.Rows, sampled: o.Sampled, serde: o.Serde,
		}
		for _, column := range o.Columns {
			f.columns = append(f.columns, columnType{column[0], column[1]})
		}
		c.seen[id] = seenObject{o.ETag, o.Size, f}
	}
	for table, k := range kept.Known {
		known := &knownTable{stats: stats{k.Stats[0], k.Stats[1], k.Stats[2]}, partitions: map[string]stats{}}
		for folder, n := range k.Partitions {
			known.partitions[folder] = stats{n[0], n[1], n[2]}
		}
		c.known[table] = known
	}
}
