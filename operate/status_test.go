package operate_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/local"
	"airline/local/recorder"
	"airline/local/wire"
	"airline/operate"
)

// unwell are the parts that are not well.
func (s *stage) unwell() map[string]operate.Part {
	s.Helper()
	st, err := s.session("status").Status(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	found := map[string]operate.Part{}
	for _, p := range st.Parts {
		if p.Health != operate.Well {
			found[p.Kind+" "+p.Name] = p
			if p.Fix == "" {
				s.Errorf("%s %s is %s, and nothing is said of what to do", p.Kind, p.Name, p.Health)
			}
		}
	}
	if (len(found) > 0 || len(st.Files.Worst) > 0) != st.NeedsSomebody() {
		s.Errorf("somebody is needed: %v", st.NeedsSomebody())
	}
	return found
}

// An alarm that is raised is told with its description while it lasts.
func TestAlarms(t *testing.T) {
	s := serveIn(t, wire.Real, nil)
	s.do(func(w *local.World) error {
		_, err := w.S3().PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(w.Bucket("raw")), Key: aws.String(badKey), Body: strings.NewReader(badFile)})
		if err != nil {
			return err
		}
		return w.RunFor(t.Context(), 4*time.Minute)
	})
	found := s.unwell()
	p, ok := found["alarm airline-dev-ingest-flights-failed"]
	if !ok || !strings.Contains(p.Detail, "a file was not loaded") || p.Fix != "airline files --state failed" {
		t.Errorf("found %v", found)
	}
}

// Each part that is not there, and each that is not well, is told by its name.
func TestUnwellParts(t *testing.T) {
	for name, test := range map[string]struct {
		without string
		want    []string
	}{
		"alarms":   {"aws:cloudwatch/metricAlarm", []string{"alarm airline-dev-job-failed", "alarm airline-dev-flights-stale"}},
		"rules":    {"aws:cloudwatch/event", []string{"rule airline-dev-ingest-flights", "rule airline-dev-load-airports", "rule airline-dev-reconcile"}},
		"machines": {"aws:sfn/alias:Alias", []string{"machine airline-dev-ingest-flights", "machine airline-dev-load-airports", "machine airline-dev-reconcile"}},
		"crawlers": {"aws:glue/crawler", []string{"crawler airline-dev-flights", "crawler airline-dev-airports"}},
		"job":      {"aws:glue/job", []string{"job airline-dev-load"}},
		"tables":   {"aws:redshiftdata/statement", []string{"warehouse airline-dev"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(o *local.Options) {
				less := *o.Graph
				less.Resources = slices.DeleteFunc(slices.Clone(o.Graph.Resources), func(r *recorder.Resource) bool {
					return strings.HasPrefix(r.Type, test.without) || name == "machines" && strings.HasPrefix(r.Type, "aws:cloudwatch/eventTarget")
				})
				o.Graph = &less
			})
			found := s.unwell()
			for _, part := range test.want {
				if _, ok := found[part]; !ok {
					t.Errorf("%s is not told; told are %v", part, found)
				}
			}
		})
	}
}
