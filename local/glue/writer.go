package glue

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
)

// knownTable is what a crawler remembers of a table, so that only changes cost calls.
type knownTable struct {
	stats      stats
	partitions map[string]stats // by folder
}

// stats are the numbers that a crawler keeps with tables and partitions.
type stats struct {
	objects, rows, bytes int64
}

func (a stats) add(f found) stats {
	rows := int64(f.schema.rows)
	if f.schema.sampled > 0 && f.schema.compression == "none" && f.size > int64(f.schema.sampled) {
		rows = rows * f.size / int64(f.schema.sampled) // beyond the sample: an estimate, as Glue's
	}
	return stats{a.objects + 1, a.rows + rows, a.bytes + f.size}
}

// catalogWriter brings the catalog in line with what a crawl found, by API calls of the crawler's role.
type catalogWriter struct {
	service *Service
	crawler *crawler
	log     *crawlLog
}

func (w *catalogWriter) open(ctx context.Context) error {
	_, err := w.service.GetDatabase(ctx, &glue.GetDatabaseInput{Name: aws.String(w.crawler.database)})
	return err
}

// folder is a partition's files.
type folder struct {
	path   string // below the table's root
	values []string
	stats  stats
	fresh  bool
	schema schema // of its own files
}

// put writes one table and its partitions.
func (w *catalogWriter) put(ctx context.Context, g tableFiles) error {
	keys, folders := w.partition(g)
	if len(folders) == 0 {
		return nil
	}
	total := stats{}
	fresh := false
	for _, f := range folders {
		total = stats{total.objects + f.stats.objects, total.rows + f.stats.rows, total.bytes + f.stats.bytes}
		fresh = fresh || f.fresh
	}
	known := w.crawler.known[g.name]
	got, err := w.service.GetTable(ctx, &glue.GetTableInput{DatabaseName: aws.String(w.crawler.database), Name: aws.String(g.name)})
	var missing *types.EntityNotFoundException
	var columns []types.Column
	reformed := false // partitions that inherit from the table are not as they are to be any more
	switch {
	case errors.As(err, &missing):
		columns = columnsOf(g.leading, keys)
		if _, err := w.service.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: aws.String(w.crawler.database), TableInput: w.table(g, keys, columns, total)}); err != nil {
			return err
		}
		known = nil
		w.crawler.counts.created++
		w.log.line("INFO : Created table %s in database %s", g.name, w.crawler.database)
	case err != nil:
		return err
	default:
		columns, err = w.update(ctx, got.Table, g, keys, total, known)
		if err != nil {
			return err
		}
		old := got.Table.StorageDescriptor
		now := w.descriptor(g, g.leading, g.location, columns, nil)
		reformed = old == nil || !slices.EqualFunc(old.Columns, columns, sameColumn) || !reflect.DeepEqual(old.SerdeInfo, now.SerdeInfo)
	}
	if known == nil {
		known = &knownTable{partitions: map[string]stats{}}
		w.crawler.known[g.name] = known
	}
	known.stats = total
	if len(keys) == 0 {
		return nil
	}
	return w.partitions(ctx, g, columns, folders, known, reformed && w.crawler.inherit)
}

// update changes an existing table as the schema change policy says, and returns its columns.
func (w *catalogWriter) update(ctx context.Context, old *types.Table, g tableFiles, keys []types.Column, total stats, known *knownTable) ([]types.Column, error) {
	var before []types.Column
	if old.StorageDescriptor != nil {
		before = old.StorageDescriptor.Columns
	}
	columns := columnsOf(g.leading, keys)
	if w.crawler.merge {
		columns = mergeColumns(before, columns)
	}
	changed := !slices.EqualFunc(before, columns, sameColumn)
	if changed && w.crawler.update == types.UpdateBehaviorLog {
		w.log.line("INFO : The schema of table %s has changed; the policy is to log it: %s", g.name, columnList(columns))
		columns, changed = before, false
	}
	if !changed && known != nil && known.stats == total {
		return columns, nil
	}
	if len(old.PartitionKeys) != len(keys) {
		return nil, fmt.Errorf("table %s has %d partition keys, its folders have %d", g.name, len(old.PartitionKeys), len(keys))
	}
	if _, err := w.service.UpdateTable(ctx, &glue.UpdateTableInput{DatabaseName: aws.String(w.crawler.database), TableInput: w.table(g, old.PartitionKeys, columns, total)}); err != nil {
		return nil, err
	}
	if changed {
		w.crawler.counts.updated++
		w.log.line("INFO : Updated table %s: %s", g.name, columnList(columns))
	}
	return columns, nil
}

// mergeColumns adds new columns behind; existing ones keep their type (MergeNewColumns).
func mergeColumns(before, found []types.Column) []types.Column {
	merged := slices.Clone(before)
	for _, c := range found {
		if !slices.ContainsFunc(merged, func(o types.Column) bool { return aws.ToString(o.Name) == *c.Name }) {
			merged = append(merged, c)
		}
	}
	return merged
}

func sameColumn(a, b types.Column) bool {
	return aws.ToString(a.Name) == aws.ToString(b.Name) && aws.ToString(a.Type) == aws.ToString(b.Type)
}

func columnList(columns []types.Column) string {
	var b strings.Builder
	for i, c := range columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(aws.ToString(c.Name) + " " + aws.ToString(c.Type))
	}
	return b.String()
}

// columnsOf are a schema's columns; one with a partition key's name gives way to it.
func columnsOf(s schema, keys []types.Column) []types.Column {
	var columns []types.Column
	for _, c := range s.columns {
		if !slices.ContainsFunc(keys, func(k types.Column) bool { return *k.Name == c.name }) {
			columns = append(columns, types.Column{Name: aws.String(c.name), Type: aws.String(c.typ)})
		}
	}
	return columns
}

// partition sorts a table's files into folders: key=value names a partition column, a plain folder is
// partition_0 and so on. The first folder decides; files elsewhere are left out.
func (w *catalogWriter) partition(g tableFiles) ([]types.Column, []*folder) {
	var names []string
	byPath := map[string]*folder{}
	var folders []*folder
	for i, f := range g.objects {
		n, values := folderNames(f.folder)
		if i == 0 {
			names = n
		}
		if !slices.Equal(n, names) {
			w.log.line("INFO : %s is not in a folder like the others of table %s (%s) and is left out", f.key, g.name, strings.Join(names, "/"))
			continue
		}
		at := byPath[f.folder]
		if at == nil {
			at = &folder{path: f.folder, values: values, schema: f.schema}
			byPath[f.folder] = at
			folders = append(folders, at)
		}
		at.stats = at.stats.add(f)
		at.fresh = at.fresh || f.fresh
	}
	keys := make([]types.Column, len(names))
	for i, n := range names {
		keys[i] = types.Column{Name: aws.String(n), Type: aws.String("string")}
	}
	return keys, folders
}

func folderNames(path string) (names, values []string) {
	if path == "" {
		return nil, nil
	}
	for i, part := range strings.Split(strings.TrimSuffix(path, "/"), "/") {
		name, value, hive := strings.Cut(part, "=")
		if !hive {
			name, value = "partition_"+strconv.Itoa(i), part
		}
		if plain, err := url.PathUnescape(value); err == nil {
			value = plain
		}
		names, values = append(names, identifier(name)), append(values, value)
	}
	return names, values
}

// partitions creates what is new, updates what changed and treats what is gone as the policy says. All are updated to inherit a change of the table:
// "Update all new and existing partitions with metadata from the table" is what the console calls InheritFromTable.
func (w *catalogWriter) partitions(ctx context.Context, g tableFiles, columns []types.Column, folders []*folder, known *knownTable, all bool) error {
	database, table := aws.String(w.crawler.database), aws.String(g.name)
	present := map[string]bool{}
	var unknown, changed []*folder
	for _, f := range folders {
		present[f.path] = true
		switch before, ok := known.partitions[f.path]; {
		case !ok:
			unknown = append(unknown, f)
		case all || f.fresh || before != f.stats:
			changed = append(changed, f)
		}
	}
	existing := map[string]bool{}
	for batch := range slices.Chunk(unknown, maxBatchGet) {
		in := &glue.BatchGetPartitionInput{DatabaseName: database, TableName: table}
		for _, f := range batch {
			in.PartitionsToGet = append(in.PartitionsToGet, types.PartitionValueList{Values: f.values})
		}
		out, err := w.service.BatchGetPartition(ctx, in)
		if err != nil {
			return err
		}
		for _, p := range out.Partitions {
			existing[valuesKey(p.Values)] = true
		}
	}
	var create []*folder
	for _, f := range unknown {
		if existing[valuesKey(f.values)] {
			changed = append(changed, f)
		} else {
			create = append(create, f)
		}
	}
	for batch := range slices.Chunk(create, maxBatchCreate) {
		in := &glue.BatchCreatePartitionInput{DatabaseName: database, TableName: table}
		for _, f := range batch {
			in.PartitionInputList = append(in.PartitionInputList, *w.partitionInput(g, columns, f))
		}
		if _, err := w.service.BatchCreatePartition(ctx, in); err != nil {
			return err
		}
		w.log.line("INFO : Added %d partitions to table %s", len(batch), g.name)
	}
	for _, f := range changed {
		in := &glue.UpdatePartitionInput{DatabaseName: database, TableName: table, PartitionValueList: f.values, PartitionInput: w.partitionInput(g, columns, f)}
		if _, err := w.service.UpdatePartition(ctx, in); err != nil {
			return err
		}
	}
	for _, f := range folders {
		known.partitions[f.path] = f.stats
	}
	return w.gone(ctx, g, known, present)
}

// gone treats partitions whose files were deleted.
func (w *catalogWriter) gone(ctx context.Context, g tableFiles, known *knownTable, present map[string]bool) error {
	for _, path := range sortedKeys(known.partitions) {
		if present[path] || w.crawler.recrawl == types.RecrawlBehaviorCrawlNewFoldersOnly {
			continue
		}
		_, values := folderNames(path)
		switch w.crawler.remove {
		case types.DeleteBehaviorLog:
			w.log.line("INFO : The files of partition %v of table %s are gone; the policy is to log it", values, g.name)
		default: // a partition cannot be deprecated, so both other policies remove it
			in := &glue.BatchDeletePartitionInput{DatabaseName: aws.String(w.crawler.database), TableName: aws.String(g.name), PartitionsToDelete: []types.PartitionValueList{{Values: values}}}
			if _, err := w.service.BatchDeletePartition(ctx, in); err != nil {
				return err
			}
		}
		delete(known.partitions, path)
	}
	return nil
}
