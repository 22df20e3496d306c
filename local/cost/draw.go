package cost

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"slices"
)

// colours of the services, the most expensive first; they are told apart in both themes and by people who see few colours.
var colours = []string{"#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999999"}

const (
	labelWidth, barWidth, barHeight, gap, margin = 200, 520, 26, 14, 20
)

// Draw draws the months as bars, a piece for each service, as SVG.
func Draw(list []*Estimate) []byte {
	names, most := services(list)
	height := margin*2 + 30 + len(list)*(barHeight+gap) + (len(names)/4+1)*22
	width := margin*2 + labelWidth + barWidth + 90
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" role="img" aria-label="A month's bill">`, width, height)
	b.WriteString(`<style>text{font:13px system-ui,sans-serif;fill:#222}.t{font-weight:600}@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>`)
	e := list[0]
	fmt.Fprintf(&b, `<text class="t" x="%d" y="%d">A month of %s: %d files of %d rows a day, US dollars</text>`, margin, margin+12, html.EscapeString(e.Stack), e.FilesPerDay, e.Rows)
	y := margin + 30
	for _, e := range list {
		fmt.Fprintf(&b, `<text x="%d" y="%d">%s</text>`, margin, y+17, html.EscapeString(cmp.Or(e.Settings, "as it is set")))
		x := float64(margin + labelWidth)
		for i, name := range names {
			usd := e.of(name)
			w := usd / most * barWidth
			if w <= 0 {
				continue
			}
			fmt.Fprintf(&b, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"><title>%s: %.2f</title></rect>`, x, y, w, barHeight, colour(i), html.EscapeString(name), usd)
			x += w
		}
		fmt.Fprintf(&b, `<text x="%.1f" y="%d">%.2f</text>`, x+6, y+17, e.MonthUSD)
		y += barHeight + gap
	}
	for i, name := range names {
		x := margin + i%4*200
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="12" height="12" fill="%s"/><text x="%d" y="%d">%s</text>`, x, y+i/4*22, colour(i), x+18, y+11+i/4*22, html.EscapeString(name))
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func colour(i int) string { return colours[min(i, len(colours)-1)] }

// always is the piece of what costs while nothing happens.
const always = "fixed costs"

// services are the pieces of the bars, the largest of the first bar first, and the largest month.
func services(list []*Estimate) (names []string, most float64) {
	most = 0.01
	seen := map[string]bool{always: true}
	names = []string{always}
	for _, e := range list {
		most = max(most, e.MonthUSD)
		for _, s := range e.Services {
			if !seen[s.Name] {
				seen[s.Name] = true
				names = append(names, s.Name)
			}
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(list[0].of(b), list[0].of(a)) })
	return names, most
}

func (e *Estimate) of(name string) float64 {
	if name == always {
		return e.FixedUSD
	}
	for _, s := range e.Services {
		if s.Name == name {
			return s.USD
		}
	}
	return 0
}
