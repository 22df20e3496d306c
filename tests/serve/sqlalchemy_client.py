# SQLAlchemy with sqlalchemy-redshift against the warehouse: tables made, filled, read and reflected, by both of its drivers.
import os

import sqlalchemy as sa


def main(driver, arguments):
    e = os.environ
    engine = sa.create_engine(f"redshift+{driver}://{e['PGUSER']}:{e['PGPASSWORD']}@{e['PGHOST']}:{e['PGPORT']}/{e['PGDATABASE']}", connect_args=arguments)
    made = sa.Table(
        f"made_by_{driver}", sa.MetaData(), sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False), sa.Column("n", sa.String(20)),
        sa.Column("d", sa.Numeric(10, 2)), schema="shop", redshift_diststyle="KEY", redshift_distkey="id", redshift_sortkey=["n"])
    made.metadata.create_all(engine)
    with engine.begin() as c:
        c.execute(made.insert(), [{"id": 1, "n": "a", "d": 1.5}, {"id": 2, "n": "b", "d": None}])
        assert c.execute(sa.select(made.c.n, sa.func.count()).group_by(made.c.n).order_by(made.c.n)).fetchall() == [("a", 1), ("b", 1)]
    look = sa.inspect(engine)
    assert "shop" in look.get_schema_names()
    assert {"customers", "orders", made.name} <= set(look.get_table_names("shop"))
    assert look.get_view_names("shop") == ["names"]
    columns = {c["name"]: c for c in look.get_columns("customers", schema="shop")}
    assert str(columns["name"]["type"]) == "VARCHAR(40)" and str(columns["credit"]["type"]) == "NUMERIC(10, 2)" and not columns["id"]["nullable"], columns
    assert look.get_pk_constraint("orders", schema="shop")["constrained_columns"] == ["id"]
    assert look.get_foreign_keys("orders", schema="shop")[0]["referred_table"] == "customers"
    assert look.has_table("orders", schema="shop") and not look.has_table("nobody", schema="shop")
    assert sa.Table("orders", sa.MetaData(), autoload_with=engine, schema="shop").columns.keys() == ["id", "customer", "placed"]
    made.metadata.drop_all(engine)
    engine.dispose()


main("psycopg2", {"sslmode": "prefer"})
main("redshift_connector", {})
print("done")
