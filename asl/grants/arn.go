package grants

import (
	"regexp"
	"strings"

	"airline/asl/internal/catalog"
)

// isARN tells whether a text is an ARN, or a placeholder that by its name will
// be one.
func isARN(s string) bool {
	if strings.HasPrefix(s, "arn:") {
		return true
	}
	name, ok := strings.CutPrefix(s, "${")
	return ok && strings.HasSuffix(name, "}") && !strings.Contains(name, "${") && strings.Contains(strings.ToLower(name), "arn")
}

// arnName is the last part of an ARN: the name of the resource.
func arnName(arn string) string {
	if !strings.HasPrefix(arn, "arn:") {
		return "*"
	}
	parts := catalog.SplitARN(arn, 100)
	last := parts[len(parts)-1]
	return last[strings.LastIndexByte(last, '/')+1:]
}

var braces = regexp.MustCompile(`\{[^{}$]*\}`)

// resources fills a resource template in.
func (s Scope) resources(template, service string, p parameters) []string {
	full := template
	switch {
	case template == "*":
		return []string{"*"}
	case strings.HasPrefix(template, "arn:"):
	case service == "iam":
		full = "arn:{p}:iam::{a}:" + template
	default:
		full = "arn:{p}:" + service + ":{r}:{a}:" + template
	}
	full = strings.NewReplacer("{p}", s.partition(), "{r}", s.region(), "{a}", s.account(), "{service}", service, "{machine}", s.machine()).Replace(full)
	return s.fill("", full, p)
}

// fill puts the values of the first gap of template behind done, then those of
// the rest.
func (s Scope) fill(done, template string, p parameters) []string {
	at := braces.FindStringIndex(template)
	if at == nil {
		return []string{done + template}
	}
	done += template[:at[0]]
	gap, after := template[at[0]+1:at[1]-1], template[at[1]:]
	var out []string
	for _, value := range s.values(gap, p) {
		switch {
		case value.whole:
			out = append(out, value.text)
		case isARN(value.text):
			out = append(out, s.fill(inARN(done, value.text), after, p)...)
		default:
			out = append(out, s.fill(done+value.text, after, p)...)
		}
	}
	return out
}

// inARN puts a parameter that is itself an ARN in: it takes the place of
// everything before it, unless it is of another type of resource; then its name
// counts, and of the same service its partition, region and account.
func inARN(before, arn string) string {
	parts := catalog.SplitARN(before, 6)
	kind := parts[len(parts)-1] // "stateMachine:", "table/"
	given := catalog.SplitARN(arn, 6)
	if machine, qualified := unqualified(given); qualified {
		arn = machine
	}
	sameKind := kind == "" || len(given) < 6 || strings.HasPrefix(given[5], kind)
	if strings.HasPrefix(arn, "arn:") && !sameKind || strings.HasPrefix(kind, "execution:") {
		if len(given) == 6 && len(parts) == 6 && given[2] == parts[2] {
			before = strings.Join([]string{given[0], given[1], given[2], given[3], given[4], kind}, ":")
		}
		return before + arnName(arn)
	}
	return arn
}

// unqualified is the ARN of a state machine without the version or alias. Step
// Functions authorises by it whichever was called (Developer Guide,
// "Authorization for versions and aliases").
func unqualified(arn []string) (machine string, qualified bool) {
	if len(arn) < 6 {
		return "", false
	}
	part := strings.Split(arn[5], ":")
	if len(part) != 3 || part[0] != "stateMachine" {
		return "", false
	}
	return strings.Join(append(arn[:5:5], part[0], part[1]), ":"), true
}

// value is one value for a gap; a whole one replaces the template.
type value struct {
	text  string
	whole bool
}

func texts(list []string) []value {
	values := make([]value, len(list))
	for i, s := range list {
		values[i] = value{text: s}
	}
	return values
}

// values are what a gap "A|B:default", ":A", "A!" or "A@kind" stands for; none
// drops the resource.
func (s Scope) values(gap string, p parameters) []value {
	gap, kind, special := strings.Cut(gap, "@")
	if special {
		return s.kinds(gap, kind, p)
	}
	if name, ok := strings.CutPrefix(gap, ":"); ok {
		list := p.texts(name)
		if len(list) == 0 || p.unknown {
			return texts([]string{""})
		}
		return texts([]string{":" + list[0]})
	}
	name, optional := strings.CutSuffix(gap, "!")
	name, fallback, defaulted := strings.Cut(name, ":")
	for n := range strings.SplitSeq(name, "|") {
		if p.unknown && n != name && !strings.HasPrefix(name, n) {
			break
		}
		list := p.texts(n)
		if len(list) == 0 {
			continue
		}
		values := texts(list)
		for i, v := range values {
			if strings.HasPrefix(v.text, "https://") {
				values[i] = queue(v.text, s)
			} else if n == "QueueUrl" && !isARN(v.text) {
				values[i].text = "*"
			}
		}
		if defaulted && p.omitted(n) {
			values = append(values, value{text: fallback})
		}
		return values
	}
	switch {
	case defaulted:
		return texts([]string{fallback})
	case optional:
		return nil
	}
	return texts([]string{"*"})
}

// queue is the ARN of the queue with the URL.
func queue(url string, s Scope) value {
	parts := strings.Split(strings.TrimPrefix(url, "https://"), "/")
	host := strings.Split(parts[0], ".")
	if len(parts) != 3 || len(host) < 2 {
		return value{text: "*"}
	}
	return value{text: "arn:" + s.partition() + ":sqs:" + host[1] + ":" + parts[1] + ":" + parts[2], whole: true}
}
