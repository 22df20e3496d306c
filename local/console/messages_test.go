package console

import "testing"

func TestShownEndpoint(t *testing.T) {
	for endpoint, want := range map[string]string{
		"https://hooks.example.com/services/T0/B0/secret?key=1": "https://hooks.example.com/...",
		"https://user:password@hooks.example.com:8443/":         "https://hooks.example.com/...",
		"arn:aws:sqs:eu-west-1:123456789012:told":               "arn:aws:sqs:eu-west-1:123456789012:told",
		"team@example.com": "team@example.com",
	} {
		if got := shownEndpoint(endpoint); got != want {
			t.Errorf("%s is shown as %s, want %s", endpoint, got, want)
		}
	}
}
