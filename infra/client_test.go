package infra

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// The program's own requests go where the provider's go: as the role that the settings name, to the address that they name.
func TestOwnRequestsFollowTheProvidersSettings(t *testing.T) {
	var asked url.Values
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked, _ = url.ParseQuery(string(body))
		io.WriteString(w, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>`+ //nolint:errcheck // the client notices
			`<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`)
	}))
	defer server.Close()
	settings := map[string]string{"region": "eu-west-1", "accessKey": "AKIAOWN", "secretKey": "s"}
	read := func() *providerSettings {
		p, problems := readProvider(func(key string) (string, bool) { v, ok := settings[key]; return v, ok }, func(string) bool { return false }, nil)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		return p
	}
	own, err := read().client(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := own.Credentials.Retrieve(t.Context()); err != nil || got.AccessKeyID != "AKIAOWN" || own.Region != "eu-west-1" {
		t.Errorf("got %s in %s (%v)", got.AccessKeyID, own.Region, err)
	}
	settings["assumeRole"] = `{"roleArn": "arn:aws:iam::123456789012:role/deploy", "externalId": "42", "tags": {"team": "data"}}`
	settings["endpoints"] = `[{"sts": "` + server.URL + `", "redshiftserverless": "https://rs.example.com"}]`
	p := read()
	role, err := p.client(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := role.Credentials.Retrieve(t.Context()); err != nil || got.AccessKeyID != "ASIAROLE" {
		t.Errorf("got %s (%v)", got.AccessKeyID, err)
	}
	if !strings.HasSuffix(asked.Get("RoleArn"), ":role/deploy") || asked.Get("ExternalId") != "42" || asked.Get("Tags.member.1.Key") != "team" {
		t.Errorf("asked for %v", asked)
	}
	if got := p.address("redshiftserverless", nil); got == nil || *got != "https://rs.example.com" {
		t.Errorf("the address is %v", got)
	}
	if got := p.address("glue", nil); got != nil {
		t.Errorf("the address of another service is %v", *got)
	}
}
