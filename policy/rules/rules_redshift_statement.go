package rules

import (
	"regexp"
	"slices"
	"strings"
)

// statementRules are about SQL that is deployed as a resource.
func statementRules() []*Rule {
	return []*Rule{
		{
			ID: "redshift-statement-forgotten", Title: "A refresh does not replace a statement of the Redshift Data API", Level: Mandatory,
			Why: "The Data API forgets a statement after a day. A refresh then finds none of its properties, and the next update runs all statements " +
				"again (pulumi-aws#2055, terraform-provider-aws#37301).",
			Fix:      "register it with pulumi.IgnoreChanges of sql, database, workgroupName, clusterIdentifier, secretArn and statementName",
			Types:    []string{typeStatement},
			resource: statementForgotten,
			Good:     `aws:redshiftdata/statement:Statement t: {sql: "CREATE SCHEMA IF NOT EXISTS a", database: flights, workgroupName: dw, options: {ignoreChanges: [sql, database, workgroupName]}}`,
			Bad:      `aws:redshiftdata/statement:Statement t: {sql: "CREATE SCHEMA IF NOT EXISTS a", database: flights, workgroupName: dw}`,
		},
		{
			ID: "redshift-statement-repeats", Title: "A statement of the Redshift Data API may run again", Level: Mandatory,
			Why: "It does: after a refresh that no longer finds it, with its replacement, and when an update broke off. What fails the second time " +
				"(\"already exists\") stops every later update.",
			Fix:      "use IF NOT EXISTS, OR REPLACE or IF EXISTS; for a user, call a procedure that looks into pg_user",
			Types:    []string{typeStatement},
			resource: statementRepeats,
			Good:     `aws:redshiftdata/statement:Statement u: {sql: "CALL a.ensure_user('loader')", options: {ignoreChanges: [sql]}}`,
			Bad:      `aws:redshiftdata/statement:Statement u: {sql: "CREATE USER loader PASSWORD DISABLE", options: {ignoreChanges: [sql]}}`,
		},
	}
}

func statementForgotten(j *judge, r *Resource) {
	if slices.Contains(r.IgnoreChanges, "*") {
		return
	}
	var missing []string
	for _, p := range []string{"sql", "database", "workgroupName", "clusterIdentifier", "secretArn", "dbUser", "statementName"} {
		if !r.Get(p).Absent() && !slices.Contains(r.IgnoreChanges, p) {
			missing = append(missing, p)
		}
	}
	if len(missing) > 0 {
		j.refuse(r, "", "changes of %s are not ignored", strings.Join(missing, ", "))
	}
}

var (
	sqlComments = regexp.MustCompile(`(?s)/\*.*?\*/|--[^\n]*`)
	// onceOnly are statements that fail, or do more, the second time.
	onceOnly = regexp.MustCompile(`(?is)^\s*(CREATE\s+(USER|ROLE|GROUP|DATABASE|DATASHARE|MASKING\s+POLICY|RLS\s+POLICY)\b` +
		`|CREATE\s+(EXTERNAL\s+)?SCHEMA\s+(IF\s+NOT\s+EXISTS\s)?|CREATE\s+((LOCAL\s+)?TEMP(ORARY)?\s+|EXTERNAL\s+)?TABLE\s+(IF\s+NOT\s+EXISTS\s)?` +
		`|CREATE\s+(EXTERNAL\s+)?(FUNCTION|PROCEDURE|VIEW|MATERIALIZED\s+VIEW|LIBRARY|MODEL)\b|DROP\s+\w+\s+(IF\s+EXISTS\s)?` +
		`|ALTER\s+TABLE\s+\S+\s+(ADD|DROP|RENAME)\b|INSERT\b|COPY\b)`)
	guarded = regexp.MustCompile(`(?i)IF\s+(NOT\s+)?EXISTS\s$`)
)

func statementRepeats(j *judge, r *Resource) {
	sql := r.Get("sql")
	if sql.Unknown() {
		j.unsure(r, "sql", "the statement is not known before it is created")
		return
	}
	if once := onceOnly.FindString(sqlComments.ReplaceAllString(sql.Text(), " ")); once != "" && !guarded.MatchString(once) {
		j.refuse(r, "sql", "%s cannot run a second time", strings.Join(strings.Fields(strings.ToUpper(once)), " "))
	}
}
