package redshift

// unanswerable are documented examples without an honest answer, with the reason.
var unanswerable = map[string]string{
	"select MURMUR3_32_HASH(1)":                                     fnvPrinted,
	"select MURMUR3_32_HASH('Amazon Redshift', MURMUR3_32_HASH(1))": fnvPrinted,
	"select MURMUR3_32_HASH(1::bigint)":                             fnvPrinted,
	"select 12345678::smallint":                                     "the answer is that of another statement: 12345678 is out of a SMALLINT's range",
	"select change_session_priority(30311, 'Lowest')":               noWorkload,
	"select change_session_priority(-1, 'High')":                    noWorkload,
	"select change_user_priority('analysis_user', 'lowest')":        noWorkload,
	"select change_user_priority('analysis_user', 'low')":           noWorkload,
	"select change_user_priority('analysis_user', 'reset')":         noWorkload,
	"SELECT exfunc_multiplication(8, 9, 2)":                         "an external function that the page creates with Lambda",
	"select datediff(hour, ''2023-01-01', '2023-01-03 05:04:03')":   "the statement has a quote too many, which Redshift refuses too",
	"select default_iam_role()":                                     "the account of the guide's cluster",
	"SELECT user_is_member_of('reguser', 'role1')":                  "users and roles of the guide's cluster",
	"select explain_model('customer_churn_auto_model')":             "a model of the guide's cluster",
}

const (
	fnvPrinted = "the page prints the 64-bit FNV hashes of FNV_HASH for a 32-bit Murmur hash"
	noWorkload = "sessions and priorities of the guide's cluster"
)
