package resource_test

import (
	"fmt"
	"strings"
	"testing"

	"airline/local/recorder"
	"airline/local/resource"
)

type shape struct {
	Name  string `prop:"name"`
	ARN   string `prop:"arn,output"`
	Tags  any    `prop:"tags,ignore"`
	Count *int   `prop:"count"`
	Rules []struct {
		ID string `prop:"id"`
	} `prop:"rules"`
	Env   map[string]string `prop:"env"`
	Body  []byte            `prop:"body"`
	Ratio float64           `prop:"ratio"`
	On    bool              `prop:"on"`
}

func TestRead(t *testing.T) {
	var in shape
	err := resource.Read(&recorder.Resource{
		Inputs: map[string]any{
			"name": "x", "tags": 7.0, "count": 3.0, "rules": []any{map[string]any{"id": "a"}, map[string]any{"id": recorder.Secret{Value: "b"}}},
			"env": map[string]any{"k": "v"}, "body": &recorder.Asset{Text: "text"}, "ratio": 0.5, "on": true, "absent": nil,
		},
		Outputs: map[string]any{"name": "other", "arn": "arn:x"},
	}, &in)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(in.Name, in.ARN, *in.Count, in.Rules, in.Env, string(in.Body), in.Ratio, in.On), "x arn:x 3 [{a} {b}] map[k:v] text 0.5 true"; strings.Join(strings.Fields(got), "") != strings.Join(strings.Fields(want), "") {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestReadReportsAll(t *testing.T) {
	err := resource.Read(&recorder.Resource{
		Type: "aws:x/y:Y", Name: "n", Source: recorder.Position{File: "main.go", Line: 3},
		Inputs: map[string]any{
			"name": 7.0, "surprise": true, "count": 1.5, "rules": []any{map[string]any{"id": "a", "extra": 1.0}}, "env": recorder.Unknown{}, "on": "yes",
			"body": &recorder.Asset{Path: "/does/not/exist"},
		},
	}, new(shape))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`aws:x/y:Y "n" (main.go:3): property name is a float64, the local world expects a string`,
		"property surprise is not modelled by the local world",
		"property rules[0].extra is not modelled",
		"property count is a float64",
		"property env is unknown",
		"property on is a string",
		"property body cannot be read",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error lacks %q:\n%v", want, err)
		}
	}
}
