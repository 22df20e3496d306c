package ast_test

import (
	"strings"
	"testing"

	"airline/asl/ast"
	"airline/asl/gocode"
	"airline/asl/grants"
	"airline/asl/sim"
)

// A placeholder may be the whole of any field but of a text's: deployment tools
// fill templates in as text.
const openDefinition = `{
  "StartAt": "T",
  "TimeoutSeconds": "${MachineTimeout}",
  "States": {
    "T": {
      "Type": "Task",
      "Resource": "${Function}",
      "Parameters": "${Parameters}",
      "TimeoutSeconds": "${Timeout}",
      "ResultSelector": "${Selector}",
      "Retry": "${Retry}",
      "Catch": "${Catch}",
      "Next": "C"
    },
    "C": {
      "Type": "Choice",
      "Choices": "${Rules}",
      "Default": "M"
    },
    "M": {
      "Type": "Map",
      "MaxConcurrency": "${Concurrency}",
      "ItemProcessor": "${Processor}",
      "Next": "P"
    },
    "P": {
      "Type": "Parallel",
      "Branches": "${Branches}",
      "Assign": "${Variables}",
      "Retry": [
        {
          "ErrorEquals": "${Errors}",
          "MaxAttempts": "${Attempts}",
          "JitterStrategy": "${Jitter}"
        }
      ],
      "Next": "E"
    },
    "E": {
      "Type": "Pass",
      "End": "${End}"
    },
    "Z": {
      "Type": "Fail"
    }
  }
}`

func TestOpenParts(t *testing.T) {
	d, err := ast.ParseString(openDefinition)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Validate().Err(); err != nil {
		t.Errorf("refused: %v", err)
	}
	if got := d.String(); got != openDefinition {
		t.Errorf("printed as\n%s", got)
	}
	var open []string
	for _, p := range d.OpenParts() {
		open = append(open, p.Location+"="+p.Text)
	}
	want := "/States/T/Catch=${Catch} /States/T/Retry=${Retry} /States/C/Choices=${Rules} /States/M/ItemProcessor=${Processor} " +
		"/States/P/Branches=${Branches} /States/P/Retry/0/ErrorEquals=${Errors} /States/E/End=${End}"
	if got := strings.Join(open, " "); got != want {
		t.Errorf("open parts\ngot  %s\nwant %s", got, want)
	}
	// What has to look into the parts says that it cannot.
	_, runs := sim.Compile(d)
	_, builds := gocode.Generate(d, gocode.Options{})
	_, granted := grants.Of(d, grants.Scope{})
	for what, err := range map[string]error{"sim": runs, "gocode": builds, "grants": granted} {
		if err == nil || !strings.Contains(err.Error(), "/States/P/Branches") || !strings.Contains(err.Error(), "fill the placeholder") {
			t.Errorf("%s: got %v", what, err)
		}
	}
}

// Bare placeholders are no JSON, and the message says how to fix that.
func TestBarePlaceholder(t *testing.T) {
	_, err := ast.ParseString(`{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": ${N}, "End": true}}}`)
	if err == nil || !strings.Contains(err.Error(), `must be quoted, "${Name}"`) {
		t.Errorf("got %v", err)
	}
}

// A text that only holds a placeholder does not stand for an array.
func TestPlaceholderWithinText(t *testing.T) {
	_, err := ast.ParseString(`{"StartAt": "W", "States": {"W": {"Type": "Pass", "Next": "W", "Retry": "a ${N}"}}}`)
	if err == nil || !strings.Contains(err.Error(), "/States/W/Retry: error: an array is expected") {
		t.Errorf("got %v", err)
	}
}
