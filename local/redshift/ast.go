package redshift

// Expr is an expression as it was written. Every node knows where it begins in the statement, in bytes.
type Expr interface{ pos() int }

type at int

func (a at) pos() int { return int(a) }

type (
	// literal is a constant: a text, a number, TRUE, FALSE or NULL.
	literal struct {
		at
		kind  literalKind
		value string // a number as written
	}
	// parameter is a :name of the Data API, or "1" for $1.
	parameter struct {
		at
		name string
	}
	// reference is a column, perhaps with relation and schema before it and SUPER attributes after it: a.b.c.
	reference struct {
		at
		parts []string
		outer bool // followed by (+)
	}
	// star is * or t.*, with the columns of EXCLUDE.
	star struct {
		at
		relation []string
		exclude  []string
		end      int // behind it
	}
	// field and index navigate in SUPER: x.name, x[i].
	field struct {
		at
		x    Expr
		name string
	}
	index struct {
		at
		x, i Expr
	}
	unary struct {
		at
		op string // - + ~ not |/ ||/ @
		x  Expr
	}
	binaryExpr struct {
		at
		op   string
		l, r Expr
	}
	// is tests for null, true, false or unknown.
	is struct {
		at
		x    Expr
		not  bool
		what string
	}
	in struct {
		at
		x     Expr
		not   bool
		list  []Expr
		query *Query
	}
	between struct {
		at
		x, low, high Expr
		not          bool
	}
	// like is LIKE, ILIKE or SIMILAR TO.
	like struct {
		at
		op                 string // like ilike similar
		x, pattern, escape Expr
		not                bool
	}
	caseExpr struct {
		at
		operand   Expr
		whens     []when
		otherwise Expr
	}
	when struct{ condition, result Expr }
	cast struct {
		at
		x   Expr
		typ Type
	}
	// typed is a literal with its type before it: DATE '2008-01-01'.
	typed struct {
		at
		typ   Type
		value string
	}
	// interval is INTERVAL '1 day', with the qualifier of INTERVAL '1' DAY TO SECOND.
	interval struct {
		at
		value     string
		from, to  string // units of the qualifier
		precision int    // of seconds; -1: none given
	}
	call struct {
		at
		name        string
		args        []Expr
		star        bool // count(*)
		distinct    bool
		approximate bool
		within      []orderItem // WITHIN GROUP (ORDER BY ...)
		ignoreNulls bool
		over        *window
		bare        bool // a name without brackets, as CURRENT_DATE
	}
	atTimeZone struct {
		at
		x, zone Expr
	}
	row struct {
		at
		items []Expr
	}
	exists struct {
		at
		query *Query
	}
	subquery struct {
		at
		query *Query
	}
	// quantified is x = ANY (query) or x = ALL (query).
	quantified struct {
		at
		op    string
		all   bool
		x     Expr
		query *Query
	}
)

type literalKind uint8

const (
	textLiteral literalKind = iota
	numberLiteral
	boolLiteral
	nullLiteral
)

type window struct {
	at
	partition []Expr
	order     []orderItem
	frame     string // as DuckDB reads it; "" when none was given
}

type orderItem struct {
	x          Expr
	desc       bool
	nullsFirst bool // as written or by default
}

// Query is a SELECT with what may stand around it.
type Query struct {
	at
	with          []cte
	recursive     bool
	body          queryBody
	order         []orderItem
	limit, offset Expr
}

type cte struct {
	at
	name    string
	columns []string
	query   *Query
}

// queryBody is a *selectQuery, a *setOperation, a *values or a *Query in brackets.
type queryBody interface{ pos() int }

type setOperation struct {
	at
	op   string // union intersect except
	all  bool
	l, r queryBody
}

type values struct {
	at
	rows [][]Expr
}

type selectQuery struct {
	at
	distinct   bool
	top        Expr
	items      []selectItem
	exclude    []string
	into       *target
	from       []tableExpr
	where      Expr
	outerJoins bool // a column in where bears (+)
	groupAll   bool
	group      []grouping
	having     Expr
	qualify    Expr
}

type selectItem struct {
	x     Expr
	alias string
}

// grouping is one element of GROUP BY: an expression, or ROLLUP, CUBE or GROUPING SETS of lists.
type grouping struct {
	at
	kind string // "", rollup, cube, sets
	x    Expr
	sets [][]Expr
	// inner are ROLLUP, CUBE and GROUPING SETS within GROUPING SETS.
	inner []grouping
}

// tableExpr is a *tableRef, *tableQuery, *tableFunction, *join, *pivot, *unpivot or *superUnpivot.
type tableExpr interface{ pos() int }

type alias struct {
	name    string
	columns []string
	end     int // behind it; 0 without one
}

type tableRef struct {
	at
	parts []string // a table's name, or a path into SUPER: c.orders
	end   int      // of the name
	index []Expr   // c.orders[0]
	alias
	position string // AT name, of SUPER
}

type tableQuery struct {
	at
	query *Query
	alias
}

type tableFunction struct {
	at
	call *call
	alias
}

type join struct {
	at
	kind    string // inner left right full cross
	l, r    tableExpr
	on      Expr
	using   []string
	natural bool
}

type pivot struct {
	at
	source  tableExpr
	values  []selectItem // aggregates
	column  Expr
	entries []selectItem
	alias
}

type unpivot struct {
	at
	source       tableExpr
	includeNulls bool
	value, name  string
	entries      []selectItem
	alias
}

// superUnpivot is UNPIVOT expression AS value AT attribute, in FROM.
type superUnpivot struct {
	at
	x                Expr
	value, attribute string
}
