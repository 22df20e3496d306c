package rules

import (
	"slices"
	"strings"
)

func trailRules() []*Rule {
	trail := []string{typeTrail}
	const dataOnly = `  advancedEventSelectors:
    - fieldSelectors:
        - {field: eventCategory, equals: [Data]}
        - {field: resources.type, equals: ["AWS::S3::Object"]}
        - {field: readOnly, equals: ["false"]}
        - {field: resources.ARN, startsWiths: ["arn:aws:s3:::raw-files/incoming/"]}`
	return []*Rule{
		{
			ID: "cloudtrail-cmk", Title: "A trail's log is encrypted with a customer-managed key", Level: Mandatory,
			Why:      "The log tells who did what; only a key of one's own can be taken away from a reader.",
			Fix:      "set kmsKeyId",
			Controls: []string{"CloudTrail.2", "CKV_AWS_35"},
			Types:    trail,
			resource: encryptedWith("kmsKeyId"),
			Good:     `aws:cloudtrail/trail:Trail uploads: {kmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1234"}`,
			Bad:      `aws:cloudtrail/trail:Trail uploads: {}`,
		},
		{
			ID: "cloudtrail-validation", Title: "A trail's files can be proven unchanged", Level: Mandatory,
			Why:      "A log that can be changed unseen proves nothing.",
			Fix:      "set enableLogFileValidation to true",
			Controls: []string{"CloudTrail.4", "CKV_AWS_36"},
			Types:    trail,
			resource: mustHave("enableLogFileValidation", is(true), "files are not validated"),
			Good:     `aws:cloudtrail/trail:Trail uploads: {enableLogFileValidation: true}`,
			Bad:      `aws:cloudtrail/trail:Trail uploads: {}`,
		},
		{
			ID: "cloudtrail-on", Title: "A trail is on", Level: Mandatory,
			Why:      "A trail that is off reports nothing, and a pipeline behind it waits for ever.",
			Fix:      "set enableLogging to true, or leave it out",
			Controls: []string{"CloudTrail.1", "CKV_AWS_251"},
			Types:    trail,
			resource: mayHave("enableLogging", is(true), "the trail is off"),
			Good:     `aws:cloudtrail/trail:Trail uploads: {enableLogging: true}`,
			Bad:      `aws:cloudtrail/trail:Trail uploads: {enableLogging: false}`,
		},
		{
			ID: "cloudtrail-data-only", Title: "A trail of data events logs no management events", Level: Mandatory,
			Why:      "A second copy of management events is charged, and the account's own trail has the first.",
			Fix:      "set includeManagementEvents to false, or take the Management selector out",
			Types:    trail,
			resource: noManagementEvents,
			Good:     "aws:cloudtrail/trail:Trail uploads:\n" + dataOnly,
			Bad: `aws:cloudtrail/trail:Trail uploads:
  eventSelectors: [{dataResources: [{type: "AWS::S3::Object", values: ["arn:aws:s3:::raw-files/"]}]}]`,
		},
		{
			ID: "cloudtrail-writes-only", Title: "A trail of objects logs only writes below a prefix", Level: Mandatory,
			Why:      "Every read by a job or crawler would be an event that is charged, matched, and told to nobody.",
			Fix:      "select readOnly false and resources.ARN with the prefix that is watched",
			Types:    trail,
			resource: onlyWrites,
			Good:     "aws:cloudtrail/trail:Trail uploads:\n" + dataOnly,
			Bad: `aws:cloudtrail/trail:Trail uploads:
  advancedEventSelectors:
    - fieldSelectors:
        - {field: eventCategory, equals: [Data]}
        - {field: resources.type, equals: ["AWS::S3::Object"]}
        - {field: resources.ARN, startsWiths: ["arn:aws:s3:::raw-files/incoming/"]}`,
		},
		{
			ID: "cloudtrail-not-into-itself", Title: "A trail's log goes to a bucket that it does not watch", Level: Mandatory,
			Why:   "Every file of the log would be an event in the next one, without end.",
			Fix:   "give the trail a bucket of its own",
			Types: []string{typeTrail, typeBucket, typeBucketOld},
			stack: notIntoItself,
			Good:  "aws:cloudtrail/trail:Trail uploads:\n  s3BucketName: trail-log\n" + dataOnly,
			Bad:   "aws:cloudtrail/trail:Trail uploads:\n  s3BucketName: raw-files\n" + dataOnly,
		},
	}
}

// selector is one event selector of a trail in either form.
type selector struct {
	at         Value
	management Truth
	objects    bool  // data events of S3 objects
	writes     Truth // only writes
	arns       []string
	open       bool // of every bucket or of a whole bucket
	unknown    bool
}

// selectors reads what a trail logs. A trail without selectors logs management events.
func selectors(r *Resource) []selector {
	var out []selector
	for _, v := range r.Get("eventSelectors").Items() {
		s := selector{at: v, management: Yes, writes: isText("WriteOnly")(v.Field("readWriteType")), unknown: v.Partly()}
		if m := v.Field("includeManagementEvents"); m.Known() {
			s.management = truth(m.Is(true))
		} else if m.Unknown() {
			s.management = CannotTell
		}
		for _, d := range v.Field("dataResources").Items() {
			if d.Field("type").Text() == "AWS::S3::Object" {
				s.objects = true
				for _, a := range d.Field("values").Items() {
					s.arns = append(s.arns, a.Text())
				}
			}
		}
		out = append(out, s)
	}
	for _, v := range r.Get("advancedEventSelectors").Items() {
		s := selector{at: v, management: No, unknown: v.Partly()}
		writes := No
		for _, f := range v.Field("fieldSelectors").Items() {
			equals := texts(f.Field("equals"))
			switch f.Field("field").Text() {
			case "eventCategory":
				s.management = max(s.management, truth(slices.Contains(equals, "Management")))
			case "resources.type":
				s.objects = slices.Contains(equals, "AWS::S3::Object")
			case "readOnly":
				writes = max(writes, truth(slices.Equal(equals, []string{"false"})))
			case "resources.ARN":
				s.arns = append(append(s.arns, equals...), texts(f.Field("startsWiths"))...)
			}
		}
		s.writes = writes
		if s.unknown && writes == No {
			s.writes = CannotTell
		}
		out = append(out, s)
	}
	for i, s := range out {
		for _, a := range s.arns {
			_, key, ok := strings.Cut(strings.TrimPrefix(parseARN(a).Resource, "/"), "/")
			out[i].open = out[i].open || !ok || key == ""
		}
		out[i].open = out[i].open || len(s.arns) == 0
	}
	return out
}

func texts(v Value) []string {
	var out []string
	for _, item := range v.Items() {
		out = append(out, item.Text())
	}
	return out
}

func noManagementEvents(j *judge, r *Resource) {
	all := selectors(r)
	if r.Get("eventSelectors").Unknown() || r.Get("advancedEventSelectors").Unknown() {
		j.answer(CannotTell, r, "advancedEventSelectors", "")
	}
	if !slices.ContainsFunc(all, func(s selector) bool { return s.objects || s.unknown }) {
		return
	}
	for _, s := range all {
		switch {
		case s.management == Yes:
			j.refuse(r, s.at.path, "management events are logged, too")
		case s.management == CannotTell || s.unknown && s.at.Field("fieldSelectors").Partly():
			j.unsure(r, s.at.path, "%s is not known before it is created", s.at.path)
		}
	}
}

func onlyWrites(j *judge, r *Resource) {
	if r.Get("eventSelectors").Unknown() || r.Get("advancedEventSelectors").Unknown() {
		j.answer(CannotTell, r, "advancedEventSelectors", "")
	}
	for _, s := range selectors(r) {
		if !s.objects {
			if s.unknown {
				j.unsure(r, s.at.path, "%s is not known before it is created", s.at.path)
			}
			continue
		}
		j.answer(s.writes, r, s.at.path, "reads are logged, too")
		switch {
		case s.open && s.unknown:
			j.unsure(r, s.at.path, "the prefix is not known before it is created")
		case s.open:
			j.refuse(r, s.at.path, "the trail logs all of a bucket, or every bucket")
		}
	}
}

func notIntoItself(j *judge) {
	for _, t := range j.OfType(typeTrail) {
		log := t.Get("s3BucketName")
		name := log.Text()
		if b, _ := j.Targets(t, log, typeBucket, typeBucketOld); len(b) > 0 {
			name = b[0].given("bucket").Text()
		}
		if t.Get("eventSelectors").Unknown() || t.Get("advancedEventSelectors").Unknown() {
			j.answer(CannotTell, t, "advancedEventSelectors", "")
		}
		for _, s := range selectors(t) {
			if !s.objects && !s.unknown {
				continue
			}
			if name == "" || s.unknown {
				j.unsure(t, "s3BucketName", "the bucket is not known before it is created")
			}
			for _, a := range s.arns {
				watched, _, _ := strings.Cut(parseARN(a).Resource, "/")
				if name != "" && (watched == name || watched == "" && a != "" || !strings.Contains(parseARN(a).Resource, "/") && strings.HasPrefix(name, watched)) {
					j.refuse(t, "s3BucketName", "the log goes to %s, which the trail watches", name)
				}
			}
			if len(s.arns) == 0 && s.objects && !s.unknown {
				j.refuse(t, "s3BucketName", "the trail watches every bucket, that of its log too")
			}
		}
	}
}
