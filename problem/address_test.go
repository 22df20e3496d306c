package problem

import "testing"

// Of an address its host alone is shown.
func TestHideAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"http://example.com/T0/secret":                       "http://example.com/[secret]",
		"https://user:secret@example.com:8443/?token=secret": "https://example.com:8443/[secret]",
		"https://user:secret@example.com":                    "https://example.com",
		"https://example.com?token=secret":                   "https://example.com/[secret]",
		"https://example.com":                                "https://example.com",
		`["ftp://a.example/secret","https://b.example/x y"]`: `["ftp://a.example/[secret]","https://b.example/[secret] y"]`,
		"hooks.example.com/services/secret":                  "hooks.example.com/[secret]",
		"ssm:///secret":                                      "ssm:///secret",
	} {
		if got, found := HideAddresses(text); got != want || found != (text != "ssm:///secret") {
			t.Errorf("%s: got %s (%v), want %s", text, got, found, want)
		}
	}
	for _, text := range []string{"10.40.0.1/20", "arn:aws:iam::123456789012:role/airline/x", "arn:aws:sns:eu-west-1:123456789012:a", "/airline/", "team@example.com", "true", ""} {
		if got, found := HideAddresses(text); got != text || found {
			t.Errorf("%s: got %s", text, got)
		}
	}
}
