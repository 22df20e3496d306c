package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// region is the stacks' region.
const region = "eu-west-1"

// sdk is a configuration of AWS clients that talk to the emulator.
func (d *deployment) sdk() aws.Config {
	return aws.Config{
		Region:       region,
		BaseEndpoint: aws.String(d.endpoint),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	}
}

// query calls an action of a service with AWS's query protocol, and returns the XML of the answer.
func (d *deployment) query(service, version, action string, parameters map[string]string) string {
	d.t.Helper()
	form := url.Values{"Action": {action}, "Version": {version}}
	for k, v := range parameters {
		form.Set(k, v)
	}
	request, err := http.NewRequest(http.MethodPost, d.endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	// The emulator takes service and region from the credential and checks no signature.
	request.Header.Set("Authorization", fmt.Sprintf(
		"AWS4-HMAC-SHA256 Credential=test/20240101/%s/%s/aws4_request, SignedHeaders=host, Signature=0", region, service))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		d.t.Fatalf("%s: %s %v\n%s", action, answer.Status, err, text)
	}
	return string(text)
}

// element finds the texts of an XML element, in order.
func element(xml, name string) []string {
	var out []string
	for _, m := range regexp.MustCompile(`(?s)<`+name+`>(.*?)</`+name+`>`).FindAllStringSubmatch(xml, -1) {
		out = append(out, m[1])
	}
	return out
}

// giveNetwork configures the stack to use the VPC and the subnets that an account has from the beginning.
func (d *deployment) giveNetwork() {
	d.t.Helper()
	subnets := d.query("ec2", "2016-11-15", "DescribeSubnets", nil)
	d.set("vpcId", element(subnets, "vpcId")[0])
	for i, id := range element(subnets, "subnetId") {
		d.set(fmt.Sprintf("subnetIds[%d]", i), id)
	}
}

// sameJSON tells whether two texts are the same JSON.
func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	p, _ := json.Marshal(x)
	q, _ := json.Marshal(y)
	return string(p) == string(q)
}
