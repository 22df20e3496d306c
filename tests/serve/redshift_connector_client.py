# redshift_connector against the warehouse: queries, and what it asks of the catalog; the environment says where the warehouse is.
import datetime
import decimal
import os

import redshift_connector


def connect(**more):
    e = os.environ
    return redshift_connector.connect(host=e["PGHOST"], port=int(e["PGPORT"]), user=e["PGUSER"], password=e["PGPASSWORD"], database=e["PGDATABASE"], **more)


def main():
    c = connect()  # with TLS, and a certificate that is verified
    cur = c.cursor()
    cur.execute("select id, name, born, credit from shop.customers where name = %s", ("Ann",))
    assert cur.fetchall() == ([1, "Ann", datetime.date(1990, 1, 2), decimal.Decimal("7.50")],)
    cur.executemany("insert into shop.customers values (%s, %s, %s, %s)", [(i, f"it's {i}", None, decimal.Decimal("1.25")) for i in range(10, 20)])
    cur.execute("select count(*) from shop.customers where id >= 10")
    assert cur.fetchone() == [10]
    c.rollback()
    cur.execute("select id from shop.customers order by id")
    assert cur.fetchmany(1) == ([1],) and cur.fetchall() == ([2],)
    try:
        cur.execute("select nope from shop.customers")
    except redshift_connector.ProgrammingError as e:
        assert e.args[0]["C"] == "42703", e
    else:
        raise AssertionError("a column that is not there")
    c.rollback()
    cur.execute("select name, credit from shop.customers order by id")
    assert list(cur.fetch_dataframe()["name"]) == ["Ann", "Bob"]

    for everything in (True, False):
        cur = connect(database_metadata_current_db_only=everything).cursor()
        assert ["shop"] == [r[0] for r in cur.get_schemas(None, "shop")]
        assert os.environ["PGDATABASE"] in [r[0] for r in cur.get_catalogs()]
        assert {"customers", "orders", "names"} == {r[2] for r in cur.get_tables(None, "shop", None, ["TABLE", "VIEW"])}
        assert ["names"] == [r[2] for r in cur.get_tables(None, "shop", None, ["VIEW"])]
        columns = cur.get_columns(None, "shop", "customers")
        assert [(r[3], r[5], r[6]) for r in columns] == [("id", "int4", 10), ("name", "varchar", 40), ("born", "date", 13), ("credit", "numeric", 10)], columns
    assert [r[3] for r in cur.get_primary_keys(None, "shop", "orders")] == ["id"]
    assert len(cur.get_procedures()) == 0

    plain = connect(ssl=False).cursor()
    plain.execute("select current_database(), version()")
    assert plain.fetchone()[1].startswith("PostgreSQL 8.0.2")
    print("done")


main()
