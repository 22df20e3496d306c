package spelling

import "testing"

func TestNearest(t *testing.T) {
	known := []string{"s3-cmk", "s3-tls-only", "workers", "protect"}
	for name, want := range map[string]string{
		"s3-tls":  "s3-tls-only", // begun, though s3-cmk needs fewer changes
		"protet":  "protect",
		"WORKRES": "workers",
		"colour":  "",
	} {
		if got := Nearest(name, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
}
