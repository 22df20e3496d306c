package console

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/etl"
	"airline/local"
)

// What an action may take.
const (
	uploadBytes   = 64 << 20 // of all files of a form together
	uploadMemory  = 8 << 20  // of it; the rest lies in files meanwhile
	demoDays      = 31
	deedsKept     = 30
	latestShown   = 4
	keysSuggested = 50
)

// Deed is what somebody has done by an action.
type Deed struct {
	At   time.Time
	Text string
	// Keys are the objects that were written or loaded again; Version is that of the only one.
	Keys    []string
	Version string
	// Execution is the ARN of what was started; empty without.
	Execution string
}

// actionsView is the page of actions.
type actionsView struct {
	Latest, Earlier []Deed
	Done            bool // the first was just done
	Keys            []string
	Next            string // the day after the last
	Bad             []badFile
	Faults          []fault
	Days            int
}

func actionsPage(_ context.Context, x *Index, q query) (*page, error) {
	v := actionsView{Bad: badFiles, Faults: faults(), Days: demoDays, Next: x.nextDay(), Done: q.Get("done") != ""}
	deeds := slices.Clone(x.deeds)
	slices.Reverse(deeds)
	n := min(len(deeds), latestShown)
	v.Latest, v.Earlier = deeds[:n], deeds[n:]
	seen := map[string]bool{}
	for i := len(x.files) - 1; i >= 0 && len(v.Keys) < keysSuggested; i-- {
		if f := x.files[i]; f.Execution != "" && !seen[f.Key] {
			seen[f.Key] = true
			v.Keys = append(v.Keys, f.Key)
		}
	}
	return &page{Name: "actions", Title: "Actions", Data: v}, nil
}

// nextDay is the day after the last one that a file is of.
func (x *Index) nextDay() string {
	last := ""
	for _, f := range x.files {
		last = max(last, f.Day())
	}
	day, err := time.Parse(time.DateOnly, last)
	if err != nil {
		return "2008-05-01"
	}
	return day.AddDate(0, 0, 1).Format(time.DateOnly)
}

// action does what a form asks for, while nothing else uses the world.
type action func(ctx context.Context, x *Index, form *multipart.Form) (Deed, error)

// actions are the forms, by the last part of their path.
var actions = map[string]action{
	"upload": upload, "days": makeDays, "replay": replay, "bad": sendBad, "fault": injectFault,
}

// act answers a form, and leads to what came of it.
func (c *Console) act(do action) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, uploadBytes)
		var large *http.MaxBytesError
		switch err := r.ParseMultipartForm(uploadMemory); {
		case errors.As(err, &large):
			c.fail(w, r, fmt.Errorf("the form has more than %d bytes: upload large files with aws s3 cp", large.Limit))
			return
		case err != nil:
			c.fail(w, r, fmt.Errorf("the form cannot be read: %w", err))
			return
		}
		defer r.MultipartForm.RemoveAll()
		if err := c.checkToken(value(r.MultipartForm, "token")); err != nil {
			c.fail(w, r, err)
			return
		}
		// What has begun is done, whether or not the browser waits for it.
		ctx := context.WithoutCancel(r.Context())
		err := c.do(func(world *local.World) error {
			deed, err := do(ctx, c.index, r.MultipartForm)
			if err != nil {
				return err
			}
			deed.At = world.Now()
			if c.index.deeds = append(c.index.deeds, deed); len(c.index.deeds) > deedsKept {
				c.index.deeds = c.index.deeds[1:]
			}
			c.index.changed()
			return nil
		})
		if err != nil {
			c.fail(w, r, err)
			return
		}
		http.Redirect(w, r, Prefix+"actions?done=1", http.StatusSeeOther)
	}
}

// value is a field of a form.
func value(f *multipart.Form, name string) string {
	if list := f.Value[name]; len(list) > 0 {
		return strings.TrimSpace(list[0])
	}
	return ""
}

// put writes an object to the raw bucket, as the operator.
func (x *Index) put(ctx context.Context, key string, body io.Reader) (version string, err error) {
	if x.raw == "" {
		return "", errors.New("the world has no raw bucket: airline serve without --no-stack has one")
	}
	out, err := x.server.Operate(ctx, "s3", "PutObject", &s3.PutObjectInput{Bucket: &x.raw, Key: &key, Body: body})
	if err != nil {
		return "", fmt.Errorf("uploading %s: %w", key, err)
	}
	return aws.ToString(out.(*s3.PutObjectOutput).VersionId), nil
}

// upload writes the files of a form: each under the key that is given, or where files of its name belong.
func upload(ctx context.Context, x *Index, form *multipart.Form) (Deed, error) {
	files := form.File["file"]
	if len(files) == 0 {
		return Deed{}, errors.New("choose a file, or drop one on the form")
	}
	key, day := value(form, "key"), value(form, "day")
	if key != "" && len(files) > 1 {
		return Deed{}, errors.New("a key is for one file: leave it empty to upload several")
	}
	deed := Deed{}
	for _, f := range files {
		to := key
		if to == "" {
			var err error
			if to, err = keyFor(f.Filename, day); err != nil {
				return Deed{}, err
			}
		}
		body, err := f.Open()
		if err != nil {
			return Deed{}, err
		}
		deed.Version, err = x.put(ctx, to, body)
		body.Close()
		if err != nil {
			return Deed{}, err
		}
		deed.Keys = append(deed.Keys, to)
	}
	deed.Text = fmt.Sprintf("Uploaded %d file", len(files))
	if len(files) > 1 {
		deed.Text, deed.Version = deed.Text+"s", ""
	}
	return deed, nil
}

// keyFor is where a file of that name belongs.
func keyFor(name, day string) (string, error) {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if strings.Contains(strings.ToLower(name), "airport") {
		return etl.Airports.Prefix() + name, nil
	}
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return "", fmt.Errorf("of which day are the flights of %s? Give the day, or a key", name)
	}
	return etl.Flights.Prefix() + "date=" + day + "/" + name, nil
}

// replay starts an execution once more, with the same input, of the file with that key.
func replay(ctx context.Context, x *Index, form *multipart.Form) (Deed, error) {
	key := value(form, "key")
	f := x.find(key, value(form, "version"))
	if f == nil {
		return Deed{}, notFound("no file %s has come to the raw bucket", key)
	}
	before := x.world.SFN().Execution(f.Execution)
	if before == nil {
		return Deed{}, fmt.Errorf("no execution was started for %s, so there is none to start again", key)
	}
	if before.Status() == sim.Running {
		return Deed{}, fmt.Errorf("the execution about %s is still running", key)
	}
	out, err := x.server.Operate(ctx, "sfn", "StartExecution", &sfn.StartExecutionInput{
		StateMachineArn: aws.String(before.StateMachineARN()), Input: aws.String(jsonvalue.String(before.Input())), Name: aws.String("replay_" + rand.Text()),
	})
	if err != nil {
		return Deed{}, fmt.Errorf("starting the execution again: %w", err)
	}
	return Deed{Text: "Loaded once more", Keys: []string{f.Key}, Version: f.Version, Execution: *out.(*sfn.StartExecutionOutput).ExecutionArn}, nil
}
