package demo

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"airline/etl"
)

// An upload is a file with the key that it gets in the raw bucket.
type upload struct {
	key, path string
	problem   error  // why it cannot be uploaded; the other files can
	name      string // of the file as people know it, when path is not
}

// file is what people call it.
func (u upload) file() string {
	if u.name != "" {
		return u.name
	}
	return u.path
}

// found is what a folder, or a file, has to give.
type found struct {
	files   map[etl.Dataset][]upload
	ignored []string // what is no data, and is told
}

// add takes a file of a dataset in. What is of none counts among the flights.
func (f *found) add(d etl.Dataset, u upload) {
	if f.files == nil {
		f.files = map[etl.Dataset][]upload{}
	}
	f.files[d] = append(f.files[d], u)
}

// inOrder are all datasets, each behind those that it is joined with.
func inOrder() []etl.Dataset {
	all := etl.Datasets()
	slices.Reverse(all)
	return all
}

// layout is what a data folder should hold.
const layout = "airports.csv and daily-flights/date=YYYY-MM-DD/flights.csv"

var (
	csvFile     = regexp.MustCompile(`(?i)\.csv(\.gz)?$`)
	namesNoData = regexp.MustCompile(`(?i)^(readme|license|licence|copying|makefile|notes?|changes|changelog)\b|\.(md|rst|pdf|sql|py|sh|go|r|ya?ml|toml|ini|html?|png|jpe?g|log|ipynb)$`)
	dayFolder   = regexp.MustCompile(`^(date|month)=`)
)

// readData lists what is to be ingested: of a folder, or of one CSV file and the airports beside it. Files that hold more
// than a day are split by their day below scratch.
func readData(path, scratch string, progress Progress) (found, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return found{}, fmt.Errorf("there is no data folder %s; it should hold %s", path, layout)
	case err != nil:
		return found{}, fmt.Errorf("the data: %w", err)
	}
	r := &reader{scratch: scratch, progress: progress}
	if info.IsDir() {
		r.dir = path
		err = r.folder()
	} else {
		r.dir = filepath.Dir(path)
		err = r.file(path)
	}
	return r.found, err
}

// reader lists the files of a data folder.
type reader struct {
	found
	dir, scratch string
	progress     Progress
}

// file takes one CSV file with a column for the day, and the airports that lie beside it.
func (r *reader) file(path string) error {
	if err := r.split(path, filepath.Base(path)); err != nil {
		return err
	}
	entries, err := os.ReadDir(r.dir)
	if err != nil {
		return fmt.Errorf("the data: %w", err)
	}
	for _, e := range entries {
		if d := merged(e.Name()); d != "" {
			r.mergedFile(d, e.Name())
		}
	}
	if len(r.files[etl.Airports]) == 0 {
		r.progress.Phase("there is no airports.csv beside %s: put one there, since flights of unknown airports are rejected", path)
	}
	return nil
}

func (r *reader) folder() error {
	entries, err := os.ReadDir(r.dir)
	if err != nil {
		return fmt.Errorf("the data folder: %w", err)
	}
	var problems []error
	for _, e := range entries {
		name := e.Name()
		path := filepath.Join(r.dir, name)
		info, err := os.Stat(path)
		isDir := err == nil && info.IsDir()
		switch {
		case isDir && etl.DatasetOf(name+"/*") != "":
			problems = append(problems, r.tree(etl.DatasetOf(name+"/*"), name, name))
		case isDir && dayFolder.MatchString(name): // the folder of days itself was named
			problems = append(problems, r.tree(etl.Flights, name, etl.Flights.Prefix()+name))
		case merged(name) != "":
			r.mergedFile(merged(name), name)
		case etl.IsHidden(name):
			if !isDir && csvFile.MatchString(name) {
				r.ignored = append(r.ignored, name)
			}
		case isDir:
			problems = append(problems, r.elsewhere(name))
		case csvFile.MatchString(name):
			if err := r.split(path, name); err != nil {
				r.add(etl.Flights, upload{key: name, path: path, problem: err})
			}
		case !namesNoData.MatchString(name):
			r.add(etl.Flights, upload{key: name, path: path, problem: errors.New("nothing loads a file of this name; " + etl.Remedy(name))})
		default:
			r.ignored = append(r.ignored, name)
		}
	}
	r.oneOfAKey()
	if len(r.files) == 0 {
		problems = append(problems, fmt.Errorf("%s holds neither airports.csv nor daily-flights/date=YYYY-MM-DD/flights.csv", r.dir))
	}
	return errors.Join(problems...)
}

// oneOfAKey refuses all files but the first that would get the same key: a later one would take the place of an earlier one, as
// its correction does.
func (r *reader) oneOfAKey() {
	first := map[string]string{} // key to file
	for _, d := range inOrder() {
		list := r.files[d]
		for i, u := range list {
			if u.problem != nil {
				continue
			}
			if other, taken := first[u.key]; taken {
				list[i].problem = fmt.Errorf("%s has the same key, %s; rename one of the two", other, u.key)
				list[i].key = u.file()
			} else {
				first[u.key] = u.file()
			}
		}
	}
}

// merged is the dataset whose file has such a name, as airports.csv has, of those that are merged by a key; empty when there is none.
func merged(name string) etl.Dataset {
	for _, d := range etl.Datasets() {
		declaration, _ := d.Declared()
		if lower := strings.ToLower(name); d.Merged() && !d.Dated() && (lower == declaration.File || lower == declaration.File+".gz") {
			return d
		}
	}
	return ""
}

// mergedFile takes such a file in, whatever the case of its name: keys are in lower case.
func (r *reader) mergedFile(d etl.Dataset, name string) {
	path := filepath.Join(r.dir, name)
	r.add(d, upload{key: d.Prefix() + strings.ToLower(name), path: path, problem: checkFile(path, name), name: name})
}

// tree takes all files below a folder in that are no hidden ones; prefix is what stands for the folder in their keys.
func (r *reader) tree(d etl.Dataset, folder, prefix string) error {
	root := filepath.Join(r.dir, folder)
	return filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err == nil {
			key := prefix + "/" + filepath.ToSlash(rel)
			if etl.IsHidden(key) { // an execution would succeed without rows, as if they were loaded
				r.ignored = append(r.ignored, key)
				return nil
			}
			r.add(d, upload{key: key, path: path, problem: checkFile(path, key), name: folder + "/" + filepath.ToSlash(rel)})
		}
		return err
	})
}

// elsewhere tells of CSV files in a folder that is none of the contract's.
func (r *reader) elsewhere(folder string) error {
	found := 0
	err := filepath.WalkDir(filepath.Join(r.dir, folder), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !csvFile.MatchString(entry.Name()) {
			return err
		}
		rel, err := filepath.Rel(r.dir, path)
		if err == nil {
			found++
			r.add(etl.Flights, upload{key: filepath.ToSlash(rel), path: path, problem: fmt.Errorf("it lies in the folder %s, which no rule waits for; put it at %sdate=YYYY-MM-DD/%s", folder, etl.Flights.Prefix(), entry.Name())})
		}
		return err
	})
	if found == 0 && err == nil {
		r.ignored = append(r.ignored, folder+"/")
	}
	return err
}

// checkFile tells why a file cannot be uploaded under its name. Links are followed.
func checkFile(path, key string) error {
	info, err := os.Stat(path)
	switch {
	case !utf8.ValidString(key):
		return errors.New("the file's name is not UTF-8, which the key of an object has to be; rename the file")
	case errors.Is(err, os.ErrNotExist):
		return errors.New("the file is a link to nothing; fix or remove the link")
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errors.New("this is no file but a folder's link or a device; put the files themselves here")
	}
	return nil
}

func plural(noun string, n int) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}
