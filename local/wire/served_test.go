package wire_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"airline/infra"
	"airline/local"
	"airline/local/recorder"
	"airline/local/wire"
	"airline/local/wire/wiretest"
)

// served is the dev stack, or a world without one, at an address.
type served struct {
	*wire.Server
	url      string
	world    *local.World
	profiles map[string]wire.Profile
}

func serve(t *testing.T, g *recorder.Graph, o wire.Options) *served {
	t.Helper()
	w, err := local.Deploy(t.Context(), local.Options{Graph: g, Start: time.Now().UTC().Truncate(time.Millisecond)})
	if err != nil {
		t.Fatal(err)
	}
	server, err := wiretest.Serve(w, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return &served{Server: server.Server, url: server.URL, world: w, profiles: server.Profiles()}
}

var stack = sync.OnceValues(func() (*recorder.Graph, error) {
	return recorder.Record(context.Background(), recorder.Options{Dir: "../..", Stack: "dev"}, infra.Program)
})

func devStack(t *testing.T) *served {
	t.Helper()
	g, err := stack()
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, g, wire.Options{})
}

// as is how the SDK is told to use the server, with the keys of a profile.
func (s *served) as(profile string) aws.Config {
	p, ok := s.profiles[profile]
	if !ok {
		panic("no profile " + profile)
	}
	return aws.Config{
		Region: s.world.Graph.Region, BaseEndpoint: aws.String(s.url), RetryMaxAttempts: 1, HTTPClient: &http.Client{Transport: readOnly{}},
		Credentials: credentials.NewStaticCredentialsProvider(p.ID, p.Secret, ""),
	}
}

// readOnly is a transport that hides the WriteTo of a request's body. That of smithy-go's gives io.EOF once the body is closed, which
// happens as soon as the answer begins; net/http may look for the body's end after that, takes the error for a request that could not
// be written, and closes the connection under the answer.
type readOnly struct{}

func (readOnly) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil && r.Body != http.NoBody {
		hidden := *r
		hidden.Body = struct{ io.ReadCloser }{r.Body}
		r = &hidden
	}
	return http.DefaultTransport.RoundTrip(r)
}

func (s *served) s3(profile string) *s3.Client {
	return s3.NewFromConfig(s.as(profile), func(o *s3.Options) { o.UsePathStyle = true })
}

// code is the code of an API's error, with the HTTP status of the answer.
func code(err error) string {
	var api smithy.APIError
	var response *smithyhttp.ResponseError
	if !errors.As(err, &api) {
		return fmt.Sprint(err)
	}
	if errors.As(err, &response) {
		return fmt.Sprintf("%s %d", api.ErrorCode(), response.HTTPStatusCode())
	}
	return api.ErrorCode()
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// eventually waits for what the world does by itself.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s did not come about within a minute", what)
		}
	}
}

const airports = "airport_id,city,state,name\n1,Springfield,OR,Springfield\n2,Shelbyville,OR,Shelbyville\n"
const flights = "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\nAA,1,2,5,7\nBB,2,1,,3\n"

func presigned(r *v4.PresignedHTTPRequest, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return r.URL, nil
}

func ask(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body)))
	out := must[*http.Response](t)(http.DefaultClient.Do(r))
	defer out.Body.Close()
	return out.StatusCode, string(must[[]byte](t)(io.ReadAll(out.Body)))
}
