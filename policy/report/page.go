package report

import (
	"fmt"
	"io"
	"strings"

	"airline/policy/rules"
)

// chapters are the headings of the page of rules, by the part of the ids before the first hyphen.
var chapters = map[string]string{
	"s3": "S3", "kms": "KMS", "redshift": "Redshift clusters", "serverless": "Redshift Serverless", "glue": "Glue",
	"machine": "State machines, read as programs", "sfn": "Step Functions", "cloudtrail": "CloudTrail", "sns": "SNS", "sqs": "SQS",
	"events": "EventBridge", "pipe": "EventBridge Pipes", "scheduler": "EventBridge Scheduler", "logs": "CloudWatch Logs", "alarm": "CloudWatch alarms", "iam": "IAM",
	"secrets": "Secrets Manager", "vpc": "VPC", "sg": "Security groups", "stack": "The stack as a whole",
}

const intro = `# The rules of the policy pack

This page is generated from the rules: %s. How they are used in a review, configured and exempted
from is told in [reviews.md](reviews.md).

* A **mandatory** rule stops the deployment, an **advisory** one is told.
* *Before creation* means that the engine asks the rule about each resource before it makes it; *with the stack* that the rule
  needs to see all resources, and is asked at the end of a preview.
* Controls are those of the AWS Foundational Security Best Practices standard (such as S3.5) and of Checkov (CKV_AWS_...); a rule
  without one is this project's own.
* In the examples "type name: {property: value}" is a resource; policies and definitions are written as YAML.

`

// Page writes the page of rules in Markdown.
func Page(w io.Writer) error {
	var b strings.Builder
	all := rules.All()
	fmt.Fprintf(&b, intro, plural(len(all), "rule"))
	b.WriteString("| rule | asks | level |\n| --- | --- | --- |\n")
	for _, r := range all {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", r.ID, r.ID, r.Title, r.Level)
	}
	chapter := ""
	for _, r := range all {
		if head := chapters[r.Chapter()]; head != chapter {
			chapter = head
			fmt.Fprintf(&b, "\n## %s\n", chapter)
		}
		asked := "with the stack"
		if r.Alone() {
			asked = "before creation"
		}
		fmt.Fprintf(&b, "\n### %s\n\n%s. *%s, %s.*\n\n", r.ID, r.Title, strings.ToUpper(string(r.Level[:1]))+string(r.Level[1:]), asked)
		fmt.Fprintf(&b, "* Why: %s\n* To fix it: %s.\n", r.Why, r.Fix)
		if len(r.Controls) > 0 {
			fmt.Fprintf(&b, "* Controls: %s.\n", strings.Join(r.Controls, ", "))
		}
		var types []string
		for _, t := range r.Types {
			types = append(types, t[strings.LastIndexByte(t, ':')+1:])
		}
		fmt.Fprintf(&b, "* Reads: %s.\n", strings.Join(types, ", "))
		fmt.Fprintf(&b, "\n<details><summary>Examples</summary>\n\nAccepted:\n\n```yaml\n%s\n```\n\nRefused:\n\n```yaml\n%s\n```\n\n</details>\n", r.Good, r.Bad)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
