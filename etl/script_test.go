package etl_test

import (
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"airline/etl"

	"github.com/google/go-cmp/cmp"
)

// scripts is the text of the job's scripts and their modules.
func scripts(t *testing.T) string {
	t.Helper()
	names, err := fs.Glob(etl.Files, "job/*.py")
	if err != nil || len(names) == 0 {
		t.Fatalf("the job's scripts: %q, %v", names, err)
	}
	var all strings.Builder
	for _, name := range names {
		text, err := fs.ReadFile(etl.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
		all.WriteString("\n")
	}
	return all.String()
}

// between is the one place of a text that begins and ends so.
func between(t *testing.T, text, begin, end string) string {
	t.Helper()
	if n := strings.Count(text, begin); n != 1 {
		t.Fatalf("the scripts have %q %d times; want it once", begin, n)
	}
	_, rest, _ := strings.Cut(text, begin)
	inside, _, found := strings.Cut(rest, end)
	if !found {
		t.Fatalf("the scripts do not end %q by %q", begin, end)
	}
	return inside
}

// names are the texts in quotes of a piece of script that a pattern finds by its first group, sorted, each once.
func names(text string, patterns ...string) []string {
	var found []string
	for _, p := range patterns {
		for _, m := range regexp.MustCompile(p).FindAllStringSubmatch(text, -1) {
			for _, name := range regexp.MustCompile(`"([a-z_]+)"`).FindAllStringSubmatch(m[1], -1) {
				found = append(found, name[1])
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

const (
	members = `[{,]\s*("[a-z_]+"):`                        // of a dict
	listed  = `for name in \(((?:"[a-z_]+"(?:, )?)+)\)`    // of a comprehension
	set     = `(?:manifest|outcome)\[("[a-z_]+")\] =`      // one at a time
	keyword = `(?:, |\()(?:reasons|error|cause)=[a-z.(")]` // of update
)

// The script writes and reads the members that the types here have.
func TestScriptWritesTheTypes(t *testing.T) {
	all := scripts(t)
	load, attempt := between(t, all, "    def rows_and_rejects(self, load):", "\n    def "), between(t, all, "    def attempt(self, load):", "\n    def ")
	settled := `"files", "reject_files"` // by settle of each engine, as Run's comment says
	if got := names(between(t, all, "settle(load, rejected, checked) ends a load", `"""`), `("[a-z_]+")`); !slices.Equal(got, names(settled, `("[a-z_]+")`)) {
		t.Errorf("settle answers %q; want %s", got, settled)
	}
	var keywords []string
	for _, m := range regexp.MustCompile(keyword).FindAllString(attempt, -1) {
		keywords = append(keywords, strconv.Quote(regexp.MustCompile(`[a-z]+`).FindString(m)))
	}
	source := between(t, load, `"source": {`, "}")
	for _, c := range []struct {
		what string
		got  []string
		want []string
	}{
		{"a manifest", names(strings.Replace(load, source, "", 1)+"{"+strings.ReplaceAll(settled, ",", ":,")+":", members, set), etl.Fields[etl.Manifest]()},
		{"a manifest's source", names(source, listed), etl.Fields[etl.Source]()},
		{"an outcome", names(attempt+"{"+strings.Join(keywords, ":,")+":", members, listed, set), etl.Fields[etl.Outcome]()},
		{"an entry", names(between(t, all, "entries.append(", "\n        self."), members, listed), etl.Fields[etl.Entry]()},
		{"a batch's result", names(between(t, all, "    good, bad = ", "\n    }"), members, listed), etl.Fields[etl.BatchResult]()},
	} {
		slices.Sort(c.want)
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("members of %s (-want +got):\n%s", c.what, diff)
		}
	}
	// Of an object of the list the script reads its own names and some of the ledger's.
	read := names(all, `load\[("[a-z_]+")\]`, `load\.get\(("[a-z_]+")\)`)
	read = slices.DeleteFunc(read, func(name string) bool { return name == "staging" || name == "rows" }) // which it adds
	want := slices.DeleteFunc(etl.Fields[etl.Object](), func(name string) bool { return name == "size" }) // which machines choose a job by
	slices.Sort(want)
	if diff := cmp.Diff(want, read); diff != "" {
		t.Errorf("members of an object that the script reads (-want +got):\n%s", diff)
	}
}

// The script has the names and bounds that are declared here.
func TestScriptHasTheConstants(t *testing.T) {
	all := scripts(t)
	of := func(name string) string {
		m := regexp.MustCompile(`(?m)^`+name+` = (.*)$`).FindAllStringSubmatch(all, -1)
		if len(m) != 1 {
			t.Fatalf("the scripts set %s %d times; want once", name, len(m))
		}
		return m[0][1]
	}
	quoted := func(texts ...string) string {
		for i, text := range texts {
			texts[i] = strconv.Quote(text)
		}
		return strings.Join(texts, ", ")
	}
	for name, want := range map[string]string{
		"BATCH_ROWS, BATCH_ENTRIES, BATCH_FILES, BATCH_SUMMARY": quoted(etl.BatchRows, etl.BatchEntries, etl.BatchFiles, etl.BatchSummary),
		"UNREADABLE": quoted(etl.Unreadable),
	} {
		if got := of(name); got != want {
			t.Errorf("the scripts' %s = %s; want %s", name, got, want)
		}
	}
	if got := strings.Trim(of("ROWS"), `"`) + strings.Trim(strings.TrimPrefix(of("LOADED"), "ROWS + "), `"`); got != etl.RowsDir {
		t.Errorf("the script writes rows to %s; want %s", got, etl.RowsDir)
	}
	var bounds []int
	for _, n := range strings.Split(of("TOLD, TOLD_BYTES, TOLD_COLUMNS, MAX_COLUMN_NAME"), ", ")[:3] {
		bound, err := strconv.Atoi(strings.ReplaceAll(n, "_", ""))
		if err != nil {
			t.Fatal(err)
		}
		bounds = append(bounds, bound)
	}
	if diff := cmp.Diff([]int{etl.Told, etl.ToldBytes, etl.ToldColumns}, bounds); diff != "" {
		t.Errorf("what a summary tells at most (-want +got):\n%s", diff)
	}
	if !strings.Contains(all, strconv.Quote(etl.ManifestFile)) {
		t.Errorf("the script writes no %s", etl.ManifestFile)
	}
}
