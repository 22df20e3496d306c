package serve_test

import (
	"os/exec"
	"strings"
	"testing"
)

// browsed is what the tests of browsing look at.
const browsed = `create schema shop;
create table shop.customers (id int not null primary key, name varchar(40) encode lzo, born date, credit decimal(10,2) default 5) diststyle key distkey(id) sortkey(born);
create table shop.orders (id bigint not null, customer int, placed timestamp, primary key (id), foreign key (customer) references shop.customers(id));
create view shop.names as select name from shop.customers;
insert into shop.customers values (1, 'Ann', '1990-01-02', 7.5), (2, 'Bob', null, 0);
`

func TestPsqlBrowses(t *testing.T) {
	if _, err := exec.LookPath("psql"); err != nil {
		t.Skip("LEFT OUT: psql, which is not installed (Debian: postgresql-client)")
	}
	s, environment := warehouse(t)
	psql(t, environment, browsed)
	for _, c := range []struct{ command, want string }{
		{`\dn`, "shop|"}, {`\dt shop.*`, "shop|customers|table|"}, {`\dv shop.*`, "shop|names|view|"}, {`\d shop.customers`, "id|integer||not null|\nname|character varying(40)|||\nborn|date|||\ncredit|numeric(10,2)|||5\n"},
		{"\\t off\n\\d shop.customers", `"customers_pkey" PRIMARY KEY`}, {`\d+ shop.names`, "name|character varying("}, {`\l`, "airline|airline_admin|UNICODE"}, {`\di shop.*`, "shop|orders_pkey|index"},
		{`\dp shop.*`, "shop|orders|table"},
	} {
		if got := psql(t, environment, c.command); !strings.Contains(got, c.want) || strings.Contains(got, "ERROR") {
			t.Errorf("%s prints\n%s\nwithout %q", c.command, got, c.want)
		}
	}
	s.stop(t)
}
