package demo

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"airline/etl"
	"airline/local/recorder"
)

// Elsewhere is what another stack of the project would do with a file, where its limit makes a difference.
type Elsewhere struct {
	Stack string `json:"stack"`
	// MaxRejectRatio is that stack's limit.
	MaxRejectRatio float64 `json:"max_reject_ratio"`
	// Loaded tells whether the file would be loaded there.
	Loaded bool `json:"loaded"`
}

const rejectLimit = "maxRejectRatio"

// judgeElsewhere judges each file by the limits of the project's other stacks. A stack without a readable limit has none to
// judge by.
func judgeElsewhere(o Options, s *Summary) error {
	own, err := limitOf(o.Project, o.Stack)
	if text, overridden := o.Overrides[rejectLimit]; overridden {
		own, err = strconv.ParseFloat(text, 64)
	}
	if err != nil {
		return err
	}
	for _, stack := range recorder.Stacks(o.Project) {
		if stack == o.Stack {
			continue
		}
		limit, err := limitOf(o.Project, stack)
		if err != nil {
			return err
		}
		for _, files := range s.All() {
			for i := range files {
				f := &files[i]
				if f.manifest == nil {
					continue
				}
				here, there := etl.TooManyRejects(*f.manifest, own) == nil, etl.TooManyRejects(*f.manifest, limit) == nil
				if here != there {
					f.Elsewhere = append(f.Elsewhere, Elsewhere{Stack: stack, MaxRejectRatio: limit, Loaded: there})
				}
			}
		}
	}
	return nil
}

func limitOf(project, stack string) (float64, error) {
	text, err := recorder.Setting(project, stack, rejectLimit)
	if err != nil {
		return 0, err
	}
	limit, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, fmt.Errorf("Pulumi.%s.yaml: %s %q is no number", stack, rejectLimit, text)
	}
	return limit, nil
}

// keepRejects names the files of rejects where they lie in the work folder, which stays.
func (r *run) keepRejects(s *Summary) {
	for _, files := range s.All() {
		for i := range files {
			files[i].Rejects = slices.Clone(files[i].Rejects)
			for j, uri := range files[i].Rejects {
				path := filepath.Join(r.world.Dir(), "buckets", filepath.FromSlash(strings.TrimPrefix(uri, "s3://")))
				if _, err := os.Stat(path); err == nil {
					files[i].Rejects[j] = path
				}
			}
		}
	}
}
