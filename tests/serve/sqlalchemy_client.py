# SQLAlchemy with sqlalchemy-redshift against the warehouse: tables made, filled, read and reflected, by both of its drivers, and pandas with them.
import datetime
import os

import pandas as pd
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
    frames(engine, f"frame_by_{driver}")
    engine.dispose()


def frames(engine, table):
    """Writes a frame of pandas twice, row by row and in one statement, and reads it."""
    at = datetime.datetime(2021, 1, 2, 10)
    frame = pd.DataFrame({"id": [1, 2, 3], "name": ["a", None, "ü"], "at": [at, None, at], "x": [1.5, 2.5, None], "ok": [True, False, True]})
    frame.to_sql(table, engine, schema="shop", index=False, if_exists="replace")
    frame.to_sql(table, engine, schema="shop", index=False, if_exists="append", method="multi")
    read = pd.read_sql(f"select count(*) n, sum(id) s, max(at) latest, count(name) names from shop.{table}", engine).to_dict("records")
    assert read == [{"n": 6, "s": 12, "latest": pd.Timestamp(at), "names": 4}], read
    whole = pd.read_sql_table(table, engine, schema="shop")
    assert [str(whole[c].dtype)[:10] for c in ("id", "at", "x", "ok")] == ["int64", "datetime64", "float64", "bool"], whole.dtypes
    with engine.begin() as c:
        c.execute(sa.text(f"drop table shop.{table}"))


main("psycopg2", {"sslmode": "prefer"})
main("redshift_connector", {})
print("done")
