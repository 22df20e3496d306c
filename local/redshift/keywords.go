package redshift

import "strings"

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// callable are reserved words ([etl.Reserved]) that are functions all the same when a bracket follows.
var callable = set(`array left right`)

// lenient are reserved words that Redshift takes as a column's name where nothing else can stand: they are
// keywords of clauses only.
var lenient = set(`oid start tag snapshot percent language offline permissions raw open system wallet new old off ignore
	connect parallel backup disable enable respect explicit timestamp`)

// notAnAlias are the words that end an expression or a relation: without AS they are no alias.
var notAnAlias = set(`from where group having qualify order limit offset union intersect except minus on using join inner left right
	full cross natural and or not in is isnull notnull between like ilike similar then else when end as asc desc nulls with
	over within window pivot unpivot at set values for start connect escape partition rows range fetch into top exclude returning`)
