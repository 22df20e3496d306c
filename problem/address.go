package problem

import "regexp"

// address is one of the web, with or without its scheme: what may come before the host, the host, and what comes after it. A host without a
// scheme is one by its last label and a path.
var address = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://)(?:[^\s"'/?#@]*@)?([^\s"'/?#@]+)([/?#][^\s"']*)?|((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})(/[^\s"']+)`)

// HideAddresses leaves of each address in a text the scheme and the host. Whoever has the rest may often use it: the path of a webhook is its
// password. found says that there is an address.
func HideAddresses(text string) (hidden string, found bool) {
	hidden = address.ReplaceAllStringFunc(text, func(whole string) string {
		found = true
		part := address.FindStringSubmatch(whole)
		host := part[1] + part[2] + part[4]
		if rest := part[3] + part[5]; rest == "" || rest == "/" {
			return host + rest
		}
		return host + "/[secret]"
	})
	return hidden, found
}
