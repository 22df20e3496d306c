package operate

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless"

	"airline/etl"
)

// administrator is how statements run as the warehouse's administrator, who owns the tables.
type administrator struct {
	// secret leads to the password; user is the administrator's name, for which a cluster gives temporary credentials.
	secret, user *string
}

// asAdministrator has all statements from now on run as the warehouse's administrator.
func (s *Session) asAdministrator(ctx context.Context) error {
	switch p := s.Parts; {
	case p.AdminSecret != "":
		s.admin = administrator{secret: aws.String(p.AdminSecret)}
	case p.Cluster != "":
		s.admin = administrator{user: aws.String(p.Admin)}
	default:
		out, err := s.namespaces.GetNamespace(ctx, &redshiftserverless.GetNamespaceInput{NamespaceName: &p.Workgroup})
		if err != nil {
			return s.explainWarehouse(err)
		}
		if out.Namespace == nil || aws.ToString(out.Namespace.AdminPasswordSecretArn) == "" {
			return &Failure{"the namespace " + p.Workgroup + " has no secret with its administrator's password", "Deploy the stack: pulumi up --stack " + s.Stack, nil}
		}
		s.admin = administrator{secret: out.Namespace.AdminPasswordSecretArn}
	}
	return nil
}

// Migration is what the tables of the warehouse lack of those that are declared, and what is done about it.
type Migration struct {
	Tables  []etl.TableMigration `json:"tables"`
	options etl.MigrateOptions
}

// ToDo says that a migration has steps.
func (m *Migration) ToDo() bool {
	return slices.ContainsFunc(m.Tables, func(t etl.TableMigration) bool { return len(t.Steps) > 0 })
}

// Hindered says that loads fail, or may, and that the migration cannot help.
func (m *Migration) Hindered() bool {
	return slices.ContainsFunc(m.Tables, func(t etl.TableMigration) bool {
		return t.Blocks() && len(t.Steps) == 0 || len(t.Problems) > 0
	})
}

// PlanMigrate compares the tables that are declared with those of the warehouse.
func (s *Session) PlanMigrate(ctx context.Context, o etl.MigrateOptions) (*Migration, error) {
	if err := s.asAdministrator(ctx); err != nil {
		return nil, err
	}
	live, err := s.live(ctx, etl.MigrateQueries())
	if err != nil {
		return nil, err
	}
	return &Migration{Tables: etl.Compare(etl.Tables(s.Names.More...), live, o), options: o}, nil
}

// live asks the warehouse for what it has.
func (s *Session) live(ctx context.Context, queries []etl.LiveQuery) (live etl.Live, err error) {
	for _, q := range queries {
		var columns []string
		for page, err := range s.pages(ctx, q.SQL, nil) {
			if err != nil {
				return live, err
			}
			if columns == nil {
				for _, c := range page.Columns {
					columns = append(columns, aws.ToString(c.Name))
				}
			}
			for _, fields := range page.Rows {
				row := etl.Row{}
				for i, f := range fields {
					row[columns[i]] = textOf(f)
				}
				q.Add(&live, row)
			}
		}
	}
	return live, nil
}

// Migrate does what was planned, step by step; each is told before. A step is done or not; what an interrupted or failed migration
// did not come to, another one does. In the end the tables are compared again.
func (s *Session) Migrate(ctx context.Context, m *Migration, tell func(table string, step etl.Step)) error {
	for _, t := range m.Tables {
		for _, step := range t.Steps {
			if err := ctx.Err(); err != nil {
				return err
			}
			tell(t.Table, step)
			var err error
			if step.Alone {
				_, err = s.execute(context.WithoutCancel(ctx), step.Statements[0], nil)
			} else {
				_, err = s.transaction(ctx, step.Statements, nil)
			}
			if err != nil {
				return s.explainStep(t.Table, step, err)
			}
		}
	}
	after, err := s.PlanMigrate(context.WithoutCancel(ctx), m.options)
	if err != nil {
		return err
	}
	if after.ToDo() {
		return &Failure{"the tables have changed meanwhile, and need another migration", "Run airline migrate --plan again.", nil}
	}
	return nil
}

// explainStep says of a step that failed what that means.
func (s *Session) explainStep(table string, step etl.Step, err error) error {
	var failure *Failure
	if !errors.As(err, &failure) || failure.Fix != "" {
		return err
	}
	fix := "Nothing of this step was done, what was done before stays; run airline migrate again when the reason is gone."
	if step.Alone {
		fix = "Redshift does not alter columns of some encodings and keys: airline migrate --copy copies the table instead."
	}
	return &Failure{fmt.Sprintf("%s: %s: %s", table, step.What, failure.What), fix, failure.Err}
}

// tables says of the warehouse's part when a table is not as declared, so that loads fail, or may.
func (s *Session) tables(ctx context.Context, warehouse *Part) error {
	live, err := s.live(ctx, etl.StatusQueries())
	if err != nil {
		return err
	}
	for _, t := range etl.Compare(etl.Tables(s.Names.More...), live, etl.MigrateOptions{}) {
		for _, c := range t.Changes {
			if c.Blocks {
				warehouse.unwell(t.Table+" is not as this version declares it: "+c.What, "airline migrate --plan --stack "+s.Stack+" tells what to do")
			}
		}
	}
	return nil
}
