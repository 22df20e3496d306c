package review

import (
	"fmt"
	"io"
	"regexp"
	"strings"
)

// commentLimit is what fits into a comment of a pull request with room for what a bot adds: GitHub takes 65,536 characters.
const commentLimit = 60_000

// Markdown writes the diff as a comment for a pull request. Its first line is a mark by which a bot finds the comment that
// it wrote before. What does not fit is counted, never cut in silence.
func Markdown(w io.Writer, d *Diff) error {
	var b strings.Builder
	fmt.Fprintf(&b, "<!-- airline diff %s -->\n### Stack %s: %s\n\n%s against %s.\n", d.Stack, code(d.Stack), Summary(d), code(d.After), code(d.Before))
	left := 0
	write := func(block string) {
		if b.Len()+len(block) > commentLimit || left > 0 {
			left++
			return
		}
		b.WriteString(block)
	}
	for _, r := range d.Resources {
		write(r.markdown())
	}
	if len(d.Outputs) > 0 {
		var outputs strings.Builder
		outputs.WriteString("\n**Outputs**\n")
		for _, c := range d.Outputs {
			outputs.WriteString(c.markdown())
		}
		write(outputs.String())
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n%s more did not fit into a comment: see `airline diff --stack %s`.\n", plural(left, "part"), d.Stack)
	}
	_, err := io.WriteString(w, printable(b.String()))
	return err
}

// foldFrom is the number of differences from which a resource is folded.
const foldFrom = 12

func (r ResourceDiff) markdown() string {
	var b strings.Builder
	title := fmt.Sprintf("**%s** %s%s", r.Kind, code(r.title()), r.place())
	if len(r.Changes) < foldFrom {
		fmt.Fprintf(&b, "\n%s\n", title)
		for _, c := range r.Changes {
			b.WriteString(c.markdown())
		}
		return b.String()
	}
	fmt.Fprintf(&b, "\n<details><summary>%s %s%s: %d differences</summary>\n\n", r.Kind, html(r.title()), html(r.place()), len(r.Changes))
	for _, c := range r.Changes {
		b.WriteString(c.markdown())
	}
	b.WriteString("\n</details>\n")
	return b.String()
}

func (c Change) markdown() string {
	if c.Lines == "" {
		return fmt.Sprintf("- %s %s\n", c.Kind, code(c.String()))
	}
	fence := strings.Repeat("`", longestRun(c.Lines)+3)
	return fmt.Sprintf("- %s %s\n\n%sdiff\n%s\n%s\n\n", c.Kind, code(c.where()), fence, c.Lines, fence)
}

// code is a code span that no text can leave: nothing in it is Markdown, HTML or a mention.
func code(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return "(empty)"
	}
	n := longestRun(text)
	if n == 0 {
		return "`" + text + "`"
	}
	fence := strings.Repeat("`", n+1)
	return fence + " " + text + " " + fence
}

var backticks = regexp.MustCompile("`+")

func longestRun(text string) int {
	n := 0
	for _, run := range backticks.FindAllString(text, -1) {
		n = max(n, len(run))
	}
	return n
}

// html writes a text inside of HTML; an @ would be a mention there.
func html(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "&#64;").Replace(text)
}
