package redshift

import "strings"

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// reserved are Redshift's reserved words ("Reserved words", Database Developer Guide): as names they need quotes.
var reserved = set(`aes128 aes256 all allowoverwrite analyse analyze and any array as asc authorization az64 backup between binary
	blanksasnull both bytedict bzip2 case cast check collate column connect constraint create credentials cross current_date current_time
	current_timestamp current_user current_user_id default deferrable deflate defrag delta delta32k desc disable distinct do else
	emptyasnull enable encode encrypt encryption end except explicit false for foreign freeze from full globaldict256 globaldict64k
	grant group gzip having identity ignore ilike in initially inner intersect interval into is isnull join language leading left like
	limit localtime localtimestamp lun luns lzo lzop minus mostly16 mostly32 mostly8 natural new not notnull null nulls off offline
	offset oid old on only open or order outer overlaps parallel partition percent permissions pivot placing primary raw readratio
	recover references rejectlog resort respect restore right select session_user similar snapshot some start sysdate system table tag
	tdes text255 text32k then timestamp to top trailing true truncatecolumns union unique unnest unpivot user using verbose wallet when
	where with without qualify`)

// callable are reserved words that are functions all the same when a bracket follows.
var callable = set(`array left right`)

// lenient are reserved words that Redshift takes as a column's name where nothing else can stand: they are
// keywords of clauses only.
var lenient = set(`oid start tag snapshot percent language offline permissions raw open system wallet new old off ignore
	connect parallel backup disable enable respect explicit timestamp`)

// notAnAlias are the words that end an expression or a relation: without AS they are no alias.
var notAnAlias = set(`from where group having qualify order limit offset union intersect except minus on using join inner left right
	full cross natural and or not in is isnull notnull between like ilike similar then else when end as asc desc nulls with
	over within window pivot unpivot at set values for start connect escape partition rows range fetch into top exclude returning`)
