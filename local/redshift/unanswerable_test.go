package redshift

// unanswerable are documented examples without an honest answer, with the reason.
var unanswerable = map[string]string{
	"select MURMUR3_32_HASH(1)":                                     fnvPrinted,
	"select MURMUR3_32_HASH('Amazon Redshift', MURMUR3_32_HASH(1))": fnvPrinted,
	"select MURMUR3_32_HASH(1::bigint)":                             fnvPrinted,
	"select 12345678::smallint":                                     "the answer is that of another statement: 12345678 is out of a SMALLINT's range",
	"SELECT exfunc_multiplication(8, 9, 2)":                         "an external function that the page creates with Lambda",
	"select datediff(hour, ''2023-01-01', '2023-01-03 05:04:03')":   "the statement has a quote too many, which Redshift refuses too",
	"select explain_model('customer_churn_auto_model')":             "a model of the guide's cluster",
}

const (
	fnvPrinted = "the page prints the 64-bit FNV hashes of FNV_HASH for a 32-bit Murmur hash"
)
