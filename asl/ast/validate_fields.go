package ast

import "strings"

// usage tells which types of states, in which language, have a field.
type usage struct {
	types string // initials of the types: T P C W S F Parallel=L Map=M
	lang  QueryLanguage
}

// fieldUsage holds the fields that not every state has. Appendix of the States
// Language, and "Transforming data" in the Step Functions guide.
var fieldUsage = map[string]usage{
	"InputPath": {"TPCWSLM", JSONPath}, "OutputPath": {"TPCWSLM", JSONPath},
	"Parameters": {"TPLM", JSONPath}, "ResultSelector": {"TLM", JSONPath}, "ResultPath": {"TPLM", JSONPath},
	"Arguments": {"TL", JSONata}, "Output": {"TPCWSLM", JSONata}, "Assign": {"TPCWLM", ""},
	"Resource": {"T", ""}, "Credentials": {"T", ""}, "Result": {"P", JSONPath},
	"TimeoutSeconds": {"T", ""}, "TimeoutSecondsPath": {"T", JSONPath},
	"HeartbeatSeconds": {"T", ""}, "HeartbeatSecondsPath": {"T", JSONPath},
	"Seconds": {"W", ""}, "SecondsPath": {"W", JSONPath}, "Timestamp": {"W", ""}, "TimestampPath": {"W", JSONPath},
	"Error": {"F", ""}, "ErrorPath": {"F", JSONPath}, "Cause": {"F", ""}, "CausePath": {"F", JSONPath},
	"Choices": {"C", ""}, "Default": {"C", ""}, "Branches": {"L", ""},
	"ItemsPath": {"M", JSONPath}, "Items": {"M", JSONata}, "ItemReader": {"M", ""}, "ItemSelector": {"M", ""},
	"ItemBatcher": {"M", ""}, "MaxConcurrency": {"M", ""}, "MaxConcurrencyPath": {"M", JSONPath},
	"ToleratedFailurePercentage": {"M", ""}, "ToleratedFailurePercentagePath": {"M", JSONPath},
	"ToleratedFailureCount": {"M", ""}, "ToleratedFailureCountPath": {"M", JSONPath},
	"Label": {"M", ""}, "ItemProcessor": {"M", ""}, "Iterator": {"M", ""}, "ResultWriter": {"M", ""},
	"Retry": {"TLM", ""}, "Catch": {"TLM", ""}, "Next": {"TPWLM", ""}, "End": {"TPWLM", ""},
}

var initials = map[StateType]string{
	TypeTask: "T", TypePass: "P", TypeChoice: "C", TypeWait: "W",
	TypeSucceed: "S", TypeFail: "F", TypeParallel: "L", TypeMap: "M",
}

// replacements are the fields of the other language that do the same.
var replacements = map[string]string{
	"InputPath": "Arguments or Output", "OutputPath": "Output", "Parameters": "Arguments", "ResultSelector": "Output",
	"ResultPath": "Output", "Result": "Output", "ItemsPath": "Items", "Arguments": "Parameters", "Output": "ResultSelector, ResultPath or OutputPath",
	"Items": "ItemsPath",
}

// fields reports the fields that the state's type or language does not have.
func (v *validator) fields(s *State, at string, lang, machine QueryLanguage) {
	initial, known := initials[s.Type]
	if !known {
		types := []string{"Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"}
		if s.Type == "" {
			v.error(s.Pos, at+"/Type", "use one of "+strings.Join(types, ", "), "the state has no Type")
		} else {
			v.error(s.Pos, at+"/Type", suggest(string(s.Type), types), "there is no type of state %q", s.Type)
		}
		return
	}
	if s.QueryLanguage != "" && s.QueryLanguage != JSONPath && s.QueryLanguage != JSONata {
		v.error(s.Pos, at+"/QueryLanguage", `use "JSONPath" or "JSONata"`, "there is no query language %q", s.QueryLanguage)
	}
	if s.QueryLanguage == JSONPath && machine == JSONata {
		// A warning, as other validators take such definitions for valid.
		v.warn(s.Pos, at+"/QueryLanguage", "write the state in JSONata, or leave the machine's QueryLanguage out and set JSONata in the states that use it",
			"Step Functions refuses a state in JSONPath in a machine in JSONata")
	}
	for i := range stateFields {
		f := &stateFields[i]
		if !isGiven(f.at(s)) && !s.isOpen(f.name) {
			continue
		}
		use, ok := fieldUsage[f.name]
		if !ok {
			continue
		}
		switch {
		case !strings.Contains(use.types, initial):
			v.error(s.Pos, Pointer(at, f.name), "remove it, or change the type of the state", "a %s state has no %s", s.Type, f.name)
		case use.lang != "" && use.lang != lang:
			fix := "change the state's QueryLanguage"
			if r := replacements[f.name]; r != "" {
				fix = "use " + r + ", or " + fix
			} else if plain, ok := strings.CutSuffix(f.name, "Path"); ok {
				fix = "use " + plain + " with an expression, or " + fix
			}
			v.error(s.Pos, Pointer(at, f.name), fix, "%s is a field of %s, and the state is in %s", f.name, use.lang, lang)
		}
	}
}

// isGiven tells whether the member that target points to is there.
func isGiven(target any) bool {
	switch t := target.(type) {
	case *Field:
		return t.set
	case *string:
		return *t != ""
	case *bool:
		return *t
	case *[]string:
		return *t != nil
	case *[]*State:
		return *t != nil
	case *[]*Definition:
		return *t != nil
	case **Definition:
		return *t != nil
	case *[]*Rule:
		return *t != nil
	case *[]*Retrier:
		return *t != nil
	case *[]*Catcher:
		return *t != nil
	case **Rule:
		return *t != nil
	case **ProcessorConfig:
		return *t != nil
	case **ItemReader:
		return *t != nil
	case **ReaderConfig:
		return *t != nil
	case **ItemBatcher:
		return *t != nil
	case **ResultWriter:
		return *t != nil
	case **WriterConfig:
		return *t != nil
	}
	return false
}
