package draw

import "fmt"

// palette is the colours of a theme.
type palette struct {
	canvas, box, border, text, faint string
	line, caught, pill               string
	nest, nestBorder                 [2]string // containers by depth, alternating
	missing                          string
	statuses                         [6][2]string // fill and border by Status
}

func (t Theme) palette() palette {
	if t == Dark {
		return palette{
			canvas: "#161d26", box: "#222b37", border: "#5f6b7a", text: "#f0f3f7", faint: "#b4bcc8",
			line: "#9aa5b4", caught: "#f2a65a", pill: "#161d26",
			nest: [2]string{"#1b2430", "#161d26"}, nestBorder: [2]string{"#414d5c", "#414d5c"},
			missing: "#ff7a6b",
			statuses: [6][2]string{{"#222b37", "#5f6b7a"}, {"#0f2f4d", "#539fe5"}, {"#12321a", "#29ad32"},
				{"#4a1712", "#ff7a6b"}, {"#45300b", "#f2a65a"}, {"#2f3844", "#8d99a8"}},
		}
	}
	return palette{
		canvas: "#fbfcfd", box: "#ffffff", border: "#9ba7b6", text: "#16191f", faint: "#545b64",
		line: "#5f6b7a", caught: "#b3540a", pill: "#fbfcfd",
		nest: [2]string{"#f1f4f8", "#fbfcfd"}, nestBorder: [2]string{"#b6bec9", "#b6bec9"},
		missing: "#d13212",
		statuses: [6][2]string{{"#ffffff", "#9ba7b6"}, {"#e3f0fc", "#0972d3"}, {"#e7f5e8", "#1d8102"},
			{"#fdeae7", "#d13212"}, {"#fff1dc", "#cc7a00"}, {"#eceff2", "#687078"}},
	}
}

const fonts = "'Amazon Ember','Helvetica Neue',Helvetica,Arial,'Liberation Sans',sans-serif"

// StyleSheet is the style of pictures that are part of an HTML page: of all that lies in elements of the class asl-picture.
func StyleSheet(t Theme) string { return t.palette().style(".asl-picture") }

// style is the style sheet of an SVG, for what lies in the element that the selector finds.
func (p palette) style(selector string) string {
	rules := []string{
		fmt.Sprintf(".canvas{fill:%s}", p.canvas),
		fmt.Sprintf("text{font-family:%s;fill:%s}", fonts, p.text),
		".title{font-size:16px;font-weight:700}",
		".name{font-size:13px;font-weight:700}",
		fmt.Sprintf(".caption{font-size:11px;fill:%s}", p.faint),
		fmt.Sprintf(".box{fill:%s;stroke:%s;stroke-width:1.2}", p.box, p.border),
		".nest{stroke-width:1.2}",
		fmt.Sprintf(".nest0{fill:%s;stroke:%s}.nest1{fill:%s;stroke:%s}", p.nest[0], p.nestBorder[0], p.nest[1], p.nestBorder[1]),
		fmt.Sprintf(".lane{stroke:%s;stroke-width:1}", p.nestBorder[0]),
		fmt.Sprintf(".lane0{fill:%s}.lane1{fill:%s}", p.nest[1], p.nest[0]),
		fmt.Sprintf(".missing{fill:none;stroke:%s;stroke-width:1.5;stroke-dasharray:4 3}", p.missing),
		".glyph{fill:none;stroke:#fff;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}",
		fmt.Sprintf(".flow{fill:none;stroke:%s;stroke-width:1.5}", p.line),
		fmt.Sprintf(".error{fill:none;stroke:%s;stroke-width:1.5;stroke-dasharray:5 3}", p.caught),
		fmt.Sprintf(".flowhead{fill:%s}.errorhead{fill:%s}", p.line, p.caught),
		fmt.Sprintf(".pill{fill:%s;stroke:%s;stroke-width:1}", p.pill, p.border),
		fmt.Sprintf(".errorpill{fill:%s;stroke:%s;stroke-width:1;stroke-dasharray:3 2}", p.pill, p.caught),
		fmt.Sprintf(".label{font-size:11px}.errorlabel{font-size:11px;fill:%s}", p.caught),
		fmt.Sprintf(".dot{fill:%s;stroke:%s;stroke-width:1.5}", p.box, p.line),
		".dottext{font-size:12px;text-anchor:middle}",
		fmt.Sprintf(".fold{fill:%s;stroke:%s;stroke-width:1.5}.foldcross{fill:none;stroke:%s;stroke-width:1.8}", p.canvas, p.caught, p.caught),
	}
	for s := InProgress; s <= Canceled; s++ {
		rules = append(rules, fmt.Sprintf(".%s{fill:%s;stroke:%s;stroke-width:2}", s.class(), p.statuses[s][0], p.statuses[s][1]))
	}
	text := ""
	for _, r := range rules {
		text += scoped(selector, r)
	}
	return text
}

// scoped puts the selector of the picture before each of some rules, so that a
// picture within a page does not change the page.
func scoped(selector, rules string) string {
	out, begin := "", true
	for _, c := range rules {
		if begin {
			out += selector + " "
			begin = false
		}
		out += string(c)
		begin = c == '}'
	}
	return out
}
