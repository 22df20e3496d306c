package pipes

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"airline/asl/jsonvalue"
)

// record is a message as templates and targets see it (EventBridge User Guide, "Amazon Simple Queue Service as a source").
func (p *pipe) record(m types.Message) *jsonvalue.Object {
	attributes, own := &jsonvalue.Object{}, &jsonvalue.Object{}
	for _, name := range slices.Sorted(maps.Keys(m.Attributes)) {
		attributes.Set(name, m.Attributes[name])
	}
	for _, name := range slices.Sorted(maps.Keys(m.MessageAttributes)) {
		value := &jsonvalue.Object{}
		value.Set("stringValue", aws.ToString(m.MessageAttributes[name].StringValue))
		value.Set("dataType", aws.ToString(m.MessageAttributes[name].DataType))
		own.Set(name, value)
	}
	r := &jsonvalue.Object{}
	r.Set("messageId", aws.ToString(m.MessageId))
	r.Set("receiptHandle", aws.ToString(m.ReceiptHandle))
	r.Set("body", aws.ToString(m.Body))
	r.Set("attributes", attributes)
	r.Set("messageAttributes", own)
	r.Set("md5OfBody", aws.ToString(m.MD5OfBody))
	r.Set("eventSource", "aws:sqs")
	r.Set("eventSourceARN", p.source)
	r.Set("awsRegion", strings.SplitN(p.source, ":", 5)[3])
	return r
}

// template makes of each record what the target gets of it: JSON with values of the record in it, as <$.body.name>. Of a body that is JSON
// the members can be named ("Implicit body data parsing" in "Amazon EventBridge Pipes input transformation"). Nil leaves records alone.
type template struct {
	parts []string   // JSON before, between and behind the values
	paths [][]string // names
}

// maxTemplate is how many characters a template has at most (API reference, PipeTargetParameters).
const maxTemplate = 8192

// variable is what stands for a value. AWS takes indices, wildcards and reserved variables too, and values within texts.
var variable = regexp.MustCompile(`<([^<>]*)>`)

var path = regexp.MustCompile(`^\$((?:\.[A-Za-z0-9_-]+)+)$`)

// parseTemplate checks a template.
func parseTemplate(text string) (*template, error) {
	if text == "" {
		return nil, nil
	}
	if n := len([]rune(text)); n > maxTemplate {
		return nil, fmt.Errorf("it has %d characters, EventBridge takes %d", n, maxTemplate)
	}
	t := &template{}
	var sample strings.Builder
	from := 0
	for _, at := range variable.FindAllStringSubmatchIndex(text, -1) {
		name := text[at[2]:at[3]]
		found := path.FindStringSubmatch(name)
		if found == nil {
			return nil, fmt.Errorf("<%s> is not modelled by the local world: only paths of names are, such as <$.body.name>", name)
		}
		if strings.Count(strings.ReplaceAll(text[:at[0]], `\"`, ""), `"`)%2 == 1 {
			return nil, fmt.Errorf("<%s> within a text is not modelled by the local world: write it without quotes", name)
		}
		t.parts, t.paths = append(t.parts, text[from:at[0]]), append(t.paths, strings.Split(found[1][1:], "."))
		sample.WriteString(text[from:at[0]] + "0")
		from = at[1]
	}
	t.parts = append(t.parts, text[from:])
	sample.WriteString(text[from:])
	if _, err := jsonvalue.Decode([]byte(sample.String())); err != nil {
		return nil, fmt.Errorf("it is no JSON: %w", err)
	}
	return t, nil
}

// apply makes what the target gets of a record. What AWS makes of a path that leads nowhere is not said: here the batch fails.
func (t *template) apply(record *jsonvalue.Object) (string, error) {
	if t == nil {
		return jsonvalue.String(record), nil
	}
	var b strings.Builder
	for i, names := range t.paths {
		b.WriteString(t.parts[i])
		v, ok := find(record, names)
		if !ok {
			id, _ := record.Get("messageId")
			return "", fmt.Errorf("the message %v has no $.%s", id, strings.Join(names, "."))
		}
		b.WriteString(jsonvalue.String(v))
	}
	b.WriteString(t.parts[len(t.paths)])
	v, err := jsonvalue.Decode([]byte(b.String()))
	if err != nil {
		return "", err
	}
	return jsonvalue.String(v), nil
}

// find follows names through objects, and into a body that is JSON.
func find(record *jsonvalue.Object, names []string) (any, bool) {
	var v any = record
	for i, name := range names {
		o, ok := v.(*jsonvalue.Object)
		if !ok {
			return nil, false
		}
		if v, ok = o.Get(name); !ok {
			return nil, false
		}
		if text, isText := v.(string); isText && i == 0 && name == "body" {
			if parsed, err := jsonvalue.Decode([]byte(text)); err == nil {
				v = parsed
			}
		}
	}
	return v, true
}
