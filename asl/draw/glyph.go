package draw

import "airline/asl/ast"

// glyph is an icon as strokes in a square of 24.
type glyph string

const (
	glyphGear     glyph = "M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 9a3 3 0 1 0 0 6a3 3 0 0 0 0-6z"
	glyphLambda   glyph = "M8 4h2.5L17 20M11.8 9.5L7 20"
	glyphDisk     glyph = "M5 6c0-1.7 3.1-3 7-3s7 1.3 7 3v12c0 1.7-3.1 3-7 3s-7-1.3-7-3zM5 6c0 1.7 3.1 3 7 3s7-1.3 7-3M5 12c0 1.7 3.1 3 7 3s7-1.3 7-3"
	glyphBucket   glyph = "M4 6l2.5 14c0 .6 2.5 1 5.5 1s5.5-.4 5.5-1L20 6M4 6c0-1.5 3.6-2.5 8-2.5s8 1 8 2.5s-3.6 2.5-8 2.5s-8-1-8-2.5"
	glyphEnvelope glyph = "M3 6h18v12H3zM3 7l9 7l9-7"
	glyphBars     glyph = "M5 20v-8M10 20V5M15 20v-9M20 20V8"
	glyphChip     glyph = "M7 7h10v10H7zM10 3v4M14 3v4M10 17v4M14 17v4M3 10h4M3 14h4M17 10h4M17 14h4"
	glyphSpark    glyph = "M12 3l2.2 6.8L21 12l-6.8 2.2L12 21l-2.2-6.8L3 12l6.8-2.2z"
	glyphShield   glyph = "M12 3l8 3v6c0 4.5-3.2 7.7-8 9c-4.8-1.3-8-4.5-8-9V6z"
	glyphGlobe    glyph = "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM3 12h18M12 3c4 4 4 14 0 18M12 3c-4 4-4 14 0 18"
	glyphFlow     glyph = "M4 4h6v6H4zM14 14h6v6h-6zM7 10v7h7"
	glyphPerson   glyph = "M12 4a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM4 21c0-5 3.5-7 8-7s8 2 8 7"
	glyphDiamond  glyph = "M12 3l9 9l-9 9l-9-9zM12 8.5v3.5M12 15v.5"
	glyphClock    glyph = "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM12 7v5l4 2"
	glyphArrow    glyph = "M4 12h15M13 6l6 6l-6 6"
	glyphCheck    glyph = "M5 12l5 5l9-10"
	glyphCross    glyph = "M6 6l12 12M18 6L6 18"
	glyphParallel glyph = "M12 3v5M6 21v-9c0-2.5 1-4 3-4h6c2 0 3 1.5 3 4v9"
	glyphStack    glyph = "M8 8h12v12H8zM4 16V4h12"
)

// icon is the glyph and its tile's colour for a state.
func icon(s *ast.State) (glyph, string) {
	const flow = "#546070"
	switch s.Type {
	case ast.TypeTask:
		if r := parseResource(s.Resource); r.service != "" {
			sv := serviceOf(r.service)
			return sv.glyph, sv.colour
		}
		return glyphGear, general
	case ast.TypeChoice:
		return glyphDiamond, flow
	case ast.TypeWait:
		return glyphClock, flow
	case ast.TypePass:
		return glyphArrow, flow
	case ast.TypeSucceed:
		return glyphCheck, "#1d8102"
	case ast.TypeFail:
		return glyphCross, "#d13212"
	case ast.TypeParallel:
		return glyphParallel, flow
	case ast.TypeMap:
		return glyphStack, flow
	}
	return glyphGear, flow
}
