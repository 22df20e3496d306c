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

// accountID is the emulator's account.
const accountID = "123456789012"

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
	status, text := d.post(service, map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, form.Encode())
	if status != http.StatusOK {
		d.t.Fatalf("%s: %d\n%s", action, status, text)
	}
	return text
}

// call calls an action without parameters of a service with AWS's JSON protocol.
func (d *deployment) call(service, target string) map[string]any {
	d.t.Helper()
	status, text := d.json(service, target, "{}")
	var answer map[string]any
	if err := json.Unmarshal([]byte(text), &answer); err != nil || status != http.StatusOK {
		d.t.Fatalf("%s: %d %v\n%s", target, status, err, text)
	}
	return answer
}

// ask gives the name when there is a thing of that name, and nothing when the service does not find it.
func (d *deployment) ask(service, target, parameter, name string) []string {
	d.t.Helper()
	status, text := d.json(service, target, fmt.Sprintf("{%q: %q}", parameter, name))
	switch {
	case status == http.StatusOK:
		return []string{name}
	case strings.Contains(text, "ResourceNotFoundException"):
		return nil
	}
	d.t.Fatalf("%s: %d\n%s", target, status, text)
	return nil
}

func (d *deployment) json(service, target, body string) (status int, text string) {
	d.t.Helper()
	return d.post(service, map[string]string{"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target}, body)
}

func (d *deployment) post(service string, header map[string]string, body string) (status int, text string) {
	d.t.Helper()
	return d.postTo("/", service, header, body)
}

func (d *deployment) postTo(path, service string, header map[string]string, body string) (status int, text string) {
	d.t.Helper()
	request, err := http.NewRequest(http.MethodPost, d.endpoint+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	// The emulator takes service and region from the credential and checks no signature.
	request.Header.Set("Authorization", fmt.Sprintf(
		"AWS4-HMAC-SHA256 Credential=test/20240101/%s/%s/aws4_request, SignedHeaders=host, Signature=0", region, service))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer answer.Body.Close()
	read, err := io.ReadAll(answer.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return answer.StatusCode, string(read)
}

// element finds the texts of an XML element, in order.
func element(xml, name string) []string {
	var out []string
	for _, m := range regexp.MustCompile(`(?s)<`+name+`>(.*?)</`+name+`>`).FindAllStringSubmatch(xml, -1) {
		out = append(out, m[1])
	}
	return out
}

// network are the VPC and the subnets that an account has from the beginning.
func (d *deployment) network() []string {
	d.t.Helper()
	subnets := d.query("ec2", "2016-11-15", "DescribeSubnets", map[string]string{"Filter.1.Name": "default-for-az", "Filter.1.Value.1": "true"})
	return append([]string{element(subnets, "vpcId")[0]}, element(subnets, "subnetId")...)
}

// giveNetwork configures the stack to use the account's network.
func (d *deployment) giveNetwork() {
	d.t.Helper()
	ids := d.network()
	d.set("network", "existing")
	d.set("vpcId", ids[0])
	// Its owner has made the way to S3.
	tables := d.query("ec2", "2016-11-15", "DescribeRouteTables", map[string]string{"Filter.1.Name": "vpc-id", "Filter.1.Value.1": ids[0]})
	d.query("ec2", "2016-11-15", "CreateVpcEndpoint", map[string]string{
		"VpcId": ids[0], "VpcEndpointType": "Gateway", "ServiceName": "com.amazonaws." + region + ".s3", "RouteTableId.1": element(tables, "routeTableId")[0],
	})
	for i, id := range ids[1:] {
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

// giveTopic lets the account have a topic that is not the stack's.
func (d *deployment) giveTopic() {
	d.t.Helper()
	d.query("sns", "2010-03-31", "CreateTopic", map[string]string{"Name": toldTopic[strings.LastIndexByte(toldTopic, ':')+1:]})
}

// giveSubnet lets the account's own VPC have one more subnet, and returns its id.
func (d *deployment) giveSubnet() string {
	d.t.Helper()
	answer := d.query("ec2", "2016-11-15", "CreateSubnet", map[string]string{"VpcId": d.network()[0], "CidrBlock": "172.31.96.0/20"})
	return element(answer, "subnetId")[0]
}
