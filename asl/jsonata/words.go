package jsonata

import (
	"math"
	"strings"
)

var (
	fewWords = strings.Fields("Zero One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen Sixteen Seventeen Eighteen Nineteen")
	fewths   = strings.Fields("Zeroth First Second Third Fourth Fifth Sixth Seventh Eighth Ninth Tenth Eleventh Twelfth Thirteenth Fourteenth Fifteenth " +
		"Sixteenth Seventeenth Eighteenth Nineteenth")
	decadeWords    = strings.Fields("Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety")
	magnitudeWords = strings.Fields("Thousand Million Billion Trillion")
)

// inWords writes a number in English words, the British way: One Hundred and Five.
func inWords(value float64, ordinal bool) string {
	switch {
	case value < 20:
		if ordinal {
			return fewths[int(value)]
		}
		return fewWords[int(value)]
	case value < 100:
		word := decadeWords[int(value)/10-2]
		if rest := math.Mod(value, 10); rest > 0 {
			return word + "-" + inWords(rest, ordinal)
		}
		if ordinal {
			return strings.TrimSuffix(word, "y") + "ieth"
		}
		return word
	case value < 1000:
		return inWords(math.Floor(value/100), false) + " Hundred" + restInWords(math.Mod(value, 100), ordinal)
	}
	magnitude := min(int(math.Floor(math.Log10(value)/3)), len(magnitudeWords))
	factor := math.Pow(10, float64(3*magnitude))
	count := math.Floor(value / factor)
	if count == 0 {
		magnitude--
		factor /= 1000
		count = math.Floor(value / factor)
	}
	return inWords(count, false) + " " + magnitudeWords[magnitude-1] + restInWords(value-count*factor, ordinal)
}

// restInWords writes what follows a hundred, thousand and so on.
func restInWords(value float64, ordinal bool) string {
	switch {
	case value <= 0 && ordinal:
		return "th"
	case value <= 0:
		return ""
	case value < 100:
		return " and " + inWords(value, ordinal)
	}
	return ", " + inWords(value, ordinal)
}

// wordValue returns the value of one lower-case English number word, cardinal or ordinal.
func wordValue(word string) (float64, bool) {
	same := func(s string) bool { return strings.EqualFold(s, word) }
	for i := range fewWords {
		if same(fewWords[i]) || same(fewths[i]) {
			return float64(i), true
		}
	}
	for i, d := range decadeWords {
		if same(d) || same(strings.TrimSuffix(d, "y")+"ieth") {
			return float64(10 * (i + 2)), true
		}
	}
	if word == "hundred" || word == "hundredth" {
		return 100, true
	}
	for i, m := range magnitudeWords {
		if same(m) || same(m+"th") {
			return math.Pow(10, float64(3*(i+1))), true
		}
	}
	return 0, false
}

// fromWords reads what inWords writes.
func fromWords(text string) (float64, bool) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, ", ", "-"), " and ", "-")
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == '-' || r == ' ' || r == '\\' || r == '\t' || r == '\n' })
	if len(parts) == 0 {
		return 0, false
	}
	sums := []float64{0}
	for _, part := range parts {
		v, ok := wordValue(part)
		if !ok {
			return 0, false
		}
		last := len(sums) - 1
		switch {
		case v >= 100:
			sums[last] *= v
		case sums[last] >= 1000:
			sums = append(sums, v)
		default:
			sums[last] += v
		}
	}
	total := 0.0
	for _, s := range sums {
		total += s
	}
	return total, true
}
