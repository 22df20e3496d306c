# psycopg and psycopg2 against the warehouse; the environment says where it is.
import psycopg
import psycopg2


def main():
    with psycopg.connect() as c:
        assert (c.info.server_version, c.info.encoding) == (80002, "utf-8"), c.info.server_version
        c.execute("create table people (id int, name varchar(40), born date, height decimal(5,2))")
        c.cursor().executemany("insert into people values (%s, %s, %s, %s)", [(i, f"it's {i}", "2000-02-29", "1.85") for i in range(100)])
    with psycopg.connect() as c:
        row = c.execute("select id, name, born, height from people where id = %s and name = %s", (7, "it's 7")).fetchone()
        assert (row[0], row[1], str(row[2]), str(row[3])) == (7, "it's 7", "2000-02-29", "1.85"), row
        assert c.execute("select %s || 'x', %s + 1", ("a", 5)).fetchone() == ("ax", 6)
        binary = c.cursor(binary=True).execute("select id, name, born, height from people where id = 7").fetchone()
        assert binary == row, binary
        with c.cursor("rows") as rows:
            rows.execute("select id from people order by id")
            assert [r[0] for r in rows.fetchmany(3)] == [0, 1, 2]
            assert len(rows.fetchall()) == 97
        try:
            c.execute("select id from nobody")
        except psycopg.errors.UndefinedTable as e:
            assert e.sqlstate == "42P01"
        else:
            raise AssertionError("a table that is not there")
        c.rollback()
        with c.pipeline():
            found = [c.execute("select count(*) from people where id < %s", (n,)) for n in (10, 20)]
        assert [f.fetchone()[0] for f in found] == [10, 20]
    c = psycopg2.connect("")
    assert c.server_version == 80002 and c.get_parameter_status("server_encoding") == "UNICODE"
    rows = c.cursor("rows")
    rows.itersize = 7
    rows.execute("select id, name from people where name <> %s order by id", ("it's 3",))
    assert len(list(rows)) == 99
    c.commit()
    c.close()
    print("done")


main()
