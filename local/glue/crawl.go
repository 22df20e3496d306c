package glue

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/local/door"
)

// seenObject is what a crawler remembers of one version of an object, so that it is read once.
type seenObject struct {
	etag   string
	size   int64
	schema schema
}

// found is an object under a target, in the folder that holds it.
type found struct {
	key    string
	folder string // between the table's root and the file, "date=2008-05-01/"; "" in the root
	size   int64
	schema schema
	fresh  bool // not seen before in this version
}

// crawl lists the targets, classifies what is new, and writes tables and partitions to the catalog. It
// returns how long that takes.
func (s *Service) crawl(ctx context.Context, c *crawler) (time.Duration, error) {
	ctx, err := s.door.Assume(ctx, door.Assumption{Role: c.role, Service: "glue.amazonaws.com", SourceARN: c.arn, Session: "AWS-Crawler"})
	if err != nil {
		return time.Second, fmt.Errorf("Service is unable to assume role %s. Please verify role's TrustPolicy: %w", c.role, err)
	}
	log := crawlLog{service: s, crawler: c}
	log.line("BENCHMARK : Running Start Crawl for Crawler %s", c.name)
	err = s.crawlTargets(ctx, c, &log)
	if err != nil {
		log.line("ERROR : %v", err)
	}
	log.line("BENCHMARK : Crawler has finished running and is in state STOPPING")
	return door.Elapsed(ctx), errors.Join(err, log.write(ctx))
}

func (s *Service) crawlTargets(ctx context.Context, c *crawler, log *crawlLog) error {
	w := &catalogWriter{service: s, crawler: c, log: log}
	if err := w.open(ctx); err != nil {
		return err
	}
	for _, t := range c.targets {
		objects, err := s.list(ctx, c, t, log)
		if err != nil {
			return fmt.Errorf("crawling %s: %w", t.path, err)
		}
		for _, g := range group(c, t, objects) {
			if err := w.put(ctx, g); err != nil {
				return err
			}
		}
	}
	log.line("BENCHMARK : Finished writing to Catalog")
	return nil
}

// list finds the objects of a target and classifies those that are new, or new versions.
func (s *Service) list(ctx context.Context, c *crawler, t target, log *crawlLog) ([]found, error) {
	var objects []found
	present := map[string]bool{}
	in := &s3.ListObjectsV2Input{Bucket: aws.String(t.bucket), Prefix: aws.String(t.prefix)}
	for {
		page, err := s.objects.ListObjectsV2(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, o := range page.Contents {
			key := aws.ToString(o.Key)
			if t.leavesOut(strings.TrimPrefix(key, t.prefix)) || aws.ToInt64(o.Size) == 0 {
				continue
			}
			id := t.bucket + "/" + key
			present[id] = true
			seen, ok := c.seen[id]
			f := found{key: key, folder: folderOf(strings.TrimPrefix(key, t.prefix)), size: aws.ToInt64(o.Size), fresh: !ok || seen.etag != aws.ToString(o.ETag)}
			if f.fresh {
				if f.schema, err = s.look(ctx, c, t.bucket, key, f.size); err != nil {
					return nil, err
				}
				c.seen[id] = seenObject{aws.ToString(o.ETag), f.size, f.schema}
				if f.schema.classification == "" {
					log.line("INFO : s3://%s/%s has the classification UNKNOWN and is left out", t.bucket, key)
				}
			} else {
				f.schema = seen.schema
			}
			objects = append(objects, f)
		}
		if !aws.ToBool(page.IsTruncated) {
			break
		}
		in.ContinuationToken = page.NextContinuationToken
	}
	maps.DeleteFunc(c.seen, func(id string, _ seenObject) bool {
		return strings.HasPrefix(id, t.bucket+"/"+t.prefix) && !present[id]
	})
	log.line("BENCHMARK : Classification complete, writing results to database %s", c.database)
	return objects, nil
}

// look reads the beginning of an object and classifies it.
func (s *Service) look(ctx context.Context, c *crawler, bucket, key string, size int64) (schema, error) {
	out, err := s.objects.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key, Range: aws.String(fmt.Sprintf("bytes=0-%d", sampleBytes-1))})
	if err != nil {
		return schema{}, err
	}
	defer out.Body.Close()
	data, err := io.ReadAll(io.LimitReader(out.Body, sampleBytes))
	if err != nil {
		return schema{}, err
	}
	door.Spend(ctx, crawlObject)
	return classify(data, int64(len(data)) >= size, c.custom), nil
}

// leavesOut tells whether a path below the target is no data: by the target's exclusions, or for every crawler.
func (t target) leavesOut(rest string) bool {
	return ignored(rest) || slices.ContainsFunc(t.excluded, func(e *regexp.Regexp) bool { return e.MatchString(rest) })
}

// ignored leaves out folder markers and what is hidden by Hadoop's rules.
func ignored(rest string) bool {
	if rest == "" || strings.HasSuffix(rest, "/") || strings.HasSuffix(rest, "_$folder$") {
		return true
	}
	return slices.ContainsFunc(strings.Split(rest, "/"), func(p string) bool {
		return strings.HasPrefix(p, "_") && !strings.Contains(p, "=") || strings.HasPrefix(p, ".")
	})
}

func folderOf(rest string) string {
	if i := strings.LastIndexByte(rest, '/'); i >= 0 {
		return rest[:i+1]
	}
	return ""
}

// tableFiles are the objects that make up one table.
type tableFiles struct {
	name     string
	location string // s3://bucket/prefix/
	objects  []found
	leading  schema // that of the majority, columns of all that fit it
}

// group makes tables of objects. When the majority of a target's schemas are similar, or the configuration
// says at which level tables lie, they are one table and its folders are partitions; otherwise each folder,
// and each file of the root, is looked at for itself ("How does a crawler determine when to create partitions").
func group(c *crawler, t target, objects []found) []tableFiles {
	name := path.Base(strings.TrimSuffix(t.prefix, "/"))
	if t.prefix == "" {
		name = t.bucket
	}
	return groupAt(c, t.bucket, t.prefix, name, objects)
}

func groupAt(c *crawler, bucket, prefix, name string, objects []found) []tableFiles {
	classified := slices.DeleteFunc(slices.Clone(objects), func(f found) bool { return f.schema.classification == "" })
	if len(classified) == 0 {
		return nil
	}
	leading, like := majority(classified)
	if 2*like > len(classified) || c.level > 0 || len(classified) == 1 {
		return []tableFiles{{name: c.prefix + identifier(name), location: "s3://" + bucket + "/" + prefix, objects: classified, leading: leading}}
	}
	var tables []tableFiles
	byChild := map[string][]found{}
	for _, f := range classified {
		child, rest, isFolder := strings.Cut(f.folder, "/")
		if !isFolder {
			child = path.Base(f.key)
		} else {
			child += "/"
			f.folder = rest
		}
		byChild[child] = append(byChild[child], f)
	}
	for _, child := range sortedKeys(byChild) {
		tables = append(tables, groupAt(c, bucket, prefix+child, strings.TrimSuffix(child, "/"), byChild[child])...)
	}
	return tables
}

// majority finds the schema that most objects share, widened to hold them all, and how many do.
func majority(objects []found) (schema, int) {
	type cluster struct {
		schema
		n int
	}
	var clusters []*cluster
next:
	for _, f := range objects {
		for _, c := range clusters {
			if similar(c.schema, f.schema) {
				c.schema = combine(c.schema, f.schema)
				c.n++
				continue next
			}
		}
		s := f.schema
		s.columns = slices.Clone(s.columns)
		clusters = append(clusters, &cluster{s, 1})
	}
	best := clusters[0]
	for _, c := range clusters {
		if c.n > best.n {
			best = c
		}
	}
	return best.schema, best.n
}

// similar holds for schemas of one format of which seven in ten columns have the same name.
func similar(a, b schema) bool {
	if a.classification != b.classification || a.delimiter != b.delimiter || a.header != b.header {
		return false
	}
	same := 0
	for _, c := range a.columns {
		if slices.ContainsFunc(b.columns, func(o columnType) bool { return o.name == c.name }) {
			same++
		}
	}
	return same*10 >= 7*max(len(a.columns), len(b.columns))
}

// combine widens the types of a by those of b, and adds b's further columns behind.
func combine(a, b schema) schema {
	for _, c := range b.columns {
		i := slices.IndexFunc(a.columns, func(o columnType) bool { return o.name == c.name })
		switch {
		case i < 0:
			a.columns = append(a.columns, c)
		case b.rows > 0 && a.rows > 0:
			a.columns[i].typ = widen(a.columns[i].typ, c.typ)
		case b.rows > 0: // a has no rows, so nothing is known of its types
			a.columns[i].typ = c.typ
		}
	}
	a.quoted = a.quoted || b.quoted
	a.rows += b.rows
	return a
}

// identifier makes a name of the catalog: lower case, everything but letters and digits an underscore.
func identifier(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '_'
	}, s)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func median(d []time.Duration) time.Duration {
	sorted := slices.Clone(d)
	slices.Sort(sorted)
	return sorted[len(sorted)/2]
}
