package jsonata

import "testing"

func TestCaseMapping(t *testing.T) {
	for _, c := range []struct{ text, upper, lower string }{
		{"Straße", "STRASSE", "straße"},
		{"eﬃcient", "EFFICIENT", "eﬃcient"},
		{"İstanbul", "İSTANBUL", "i̇stanbul"},
		{"ΟΔΟΣ", "ΟΔΟΣ", "οδος"},
		{"ΟΔΟΣ. ΣΑΣ", "ΟΔΟΣ. ΣΑΣ", "οδος. σας"},
		{"Α'Σ'Α Σ", "Α'Σ'Α Σ", "α'σ'α σ"},
		{"ᾳ", "ΑΙ", "ᾳ"},
		{"ꭰ", "Ꭰ", "ꭰ"},
		{"né 𐐨", "NÉ 𐐀", "né 𐐨"},
	} {
		if got := uppercase(c.text); got != c.upper {
			t.Errorf("uppercase(%q) = %q, want %q", c.text, got, c.upper)
		}
		if got := lowercase(c.text); got != c.lower {
			t.Errorf("lowercase(%q) = %q, want %q", c.text, got, c.lower)
		}
	}
}
