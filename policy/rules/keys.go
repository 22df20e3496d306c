package rules

import "strings"

// customerKey tells whether the property names a KMS key that the customer manages. A key of AWS (alias/aws/...) is none,
// and what comes from a key or alias of the stack is one, even before its ARN is known.
func (s *Stack) customerKey(r *Resource, v Value) Truth {
	switch {
	case v.Absent():
		return No
	case v.Unknown():
		_, found := s.Targets(r, v, typeKey, typeKeyAlias)
		return found
	}
	text := v.Text()
	return truth(text != "" && !strings.Contains(text, "alias/aws/") && !strings.HasPrefix(text, "aws/"))
}

// encrypted asks for a customer-managed key at the path.
func (j *judge) encrypted(r *Resource, path string) {
	v := r.Get(path)
	j.answer(j.customerKey(r, v), r, path, "no customer-managed key: it is %s", v.Shown())
}

// encryptedWith is a rule on one property that must name a customer-managed key.
func encryptedWith(path string) func(*judge, *Resource) {
	return func(j *judge, r *Resource) { j.encrypted(r, path) }
}

// keyOf is the stack's key that the property names, directly or by an alias; nil when it is none of the stack's.
func (s *Stack) keyOf(r *Resource, path string) (*Resource, Truth) {
	found, t := s.Targets(r, r.Get(path), typeKey, typeKeyAlias)
	if len(found) == 0 || found[0].Type == typeKey {
		return first(found), t
	}
	alias := found[0]
	found, t = s.Targets(alias, alias.Get("targetKeyId"), typeKey)
	return first(found), t
}

func first(list []*Resource) *Resource {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// keyDocuments are the policies of a key: its own, and one set beside it.
func (s *Stack) keyDocuments(key *Resource) []document {
	var out []document
	if d := readDocument(key, "policy"); !d.at.Absent() {
		out = append(out, d)
	}
	for _, p := range s.Referring(key, typeKeyPolicy, "keyId", typeKey) {
		out = append(out, readDocument(p, "policy"))
	}
	return out
}
