package draw

// legendHeight is the room for the legend below the picture.
const legendHeight = 34

func legendWidth() int {
	w := 0
	for s := InProgress; s <= Canceled; s++ {
		w += 20 + captionFont.width(s.String()) + 18
	}
	return w
}

// legend explains the colours of the states of an execution.
func (w *svgWriter) legend() {
	x, y := margin, w.h-margin-12
	for s := InProgress; s <= Canceled; s++ {
		w.printf(`<rect class="%s" x="%d" y="%d" width="12" height="12" rx="3"/>`+"\n", s.class(), x+1, y)
		w.text("caption", x+20, y+10, s.String(), captionFont)
		x += 20 + captionFont.width(s.String()) + 18
	}
}
