import java.sql.*;
import java.util.*;

/** The Redshift JDBC driver against the warehouse: what programs and what browsers of metadata ask. */
public class Jdbc {
    public static void main(String[] args) throws Exception {
        Properties p = new Properties();
        p.setProperty("user", System.getenv("PGUSER"));
        p.setProperty("password", System.getenv("PGPASSWORD"));
        p.setProperty("ssl", args[0]);
        p.setProperty("sslrootcert", System.getenv("PGSSLROOTCERT"));
        if (args[0].equals("true")) p.setProperty("sslmode", "verify-full");
        String url = "jdbc:redshift://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT") + "/" + System.getenv("PGDATABASE");
        try (Connection c = DriverManager.getConnection(url, p)) {
            queries(c);
            transactions(c);
            metadata(c.getMetaData());
        }
        System.out.println("done");
    }

    static void queries(Connection c) throws SQLException {
        try (Statement s = c.createStatement(); ResultSet r = s.executeQuery("select id, name, born, credit from shop.customers order by id")) {
            same(r.next() + " " + r.getInt(1) + " " + r.getString("name") + " " + r.getDate(3) + " " + r.getBigDecimal(4), "true 1 Ann 1990-01-02 7.50");
            same(r.next() + " " + r.getDate(3) + " " + r.wasNull(), "true null true");
            ResultSetMetaData m = r.getMetaData();
            same(m.getColumnTypeName(1) + " " + m.getColumnTypeName(2) + " " + m.getColumnTypeName(4) + " " + m.getPrecision(4) + " " + m.getScale(4), "int4 varchar numeric 10 2");
            same(m.getColumnDisplaySize(2), "40");
        }
        try (PreparedStatement s = c.prepareStatement("insert into shop.customers values (?, ?, ?, ?)")) {
            for (int i = 10; i < 20; i++) {
                s.setInt(1, i);
                s.setString(2, "it's " + i);
                s.setDate(3, java.sql.Date.valueOf("2000-02-29"));
                s.setBigDecimal(4, new java.math.BigDecimal("1.25"));
                s.addBatch();
            }
            int sum = 0;
            for (int n : s.executeBatch()) sum += Math.max(n, 0);
            same(sum, "10");
        }
        try (PreparedStatement s = c.prepareStatement("select count(*), max(name) from shop.customers where id >= ? and name like ?")) {
            s.setInt(1, 10);
            s.setString(2, "it's%");
            try (ResultSet r = s.executeQuery()) {
                same(r.next() + " " + r.getLong(1) + " " + r.getString(2), "true 10 it's 19");
            }
        }
        try (Statement s = c.createStatement()) {
            s.executeQuery("select nope from shop.customers");
            throw new AssertionError("a column that is not there");
        } catch (SQLException e) {
            same(e.getSQLState(), "42703");
        }
    }

    static void transactions(Connection c) throws SQLException {
        c.setAutoCommit(false);
        try (Statement s = c.createStatement()) {
            s.setFetchSize(3);
            int n = 0;
            try (ResultSet r = s.executeQuery("select id from shop.customers order by id")) {
                while (r.next()) n++;
            }
            same(n, "12");
            same(s.executeUpdate("delete from shop.customers where id >= 10"), "10");
        }
        c.rollback();
        try (Statement s = c.createStatement(); ResultSet r = s.executeQuery("select count(*) from shop.customers")) {
            r.next();
            same(r.getInt(1), "12");
        }
        c.commit();
        c.setAutoCommit(true);
    }

    static void metadata(DatabaseMetaData m) throws SQLException {
        same(m.getDatabaseProductName() + " " + m.getDatabaseMajorVersion(), "Redshift 8");
        same(all(m.getCatalogs(), "TABLE_CAT"), "[" + System.getenv("PGDATABASE") + "]");
        same(all(m.getSchemas(null, "shop"), "TABLE_SCHEM"), "[shop]");
        same(all(m.getTables(null, "shop", null, new String[] {"TABLE"}), "TABLE_NAME"), "[customers, orders]");
        same(all(m.getTables(null, "shop", "%", new String[] {"VIEW"}), "TABLE_NAME"), "[names]");
        if (!all(m.getTables(null, null, null, null), "TABLE_NAME").contains("customers")) throw new AssertionError("tables of all schemas");
        same(all(m.getColumns(null, "shop", "customers", null), "COLUMN_NAME"), "[id, name, born, credit]");
        same(all(m.getColumns(null, "shop", "customers", null), "TYPE_NAME"), "[int4, varchar, date, numeric]");
        same(all(m.getColumns(null, "shop", "customers", null), "COLUMN_SIZE"), "[10, 40, 13, 10]");
        same(all(m.getPrimaryKeys(null, "shop", "orders"), "COLUMN_NAME"), "[id]");
        same(all(m.getImportedKeys(null, "shop", "orders"), "PKTABLE_NAME"), "[customers]");
        same(all(m.getTableTypes(), "TABLE_TYPE").contains("TABLE"), "true");
        all(m.getTypeInfo(), "TYPE_NAME");
        same(all(m.getProcedures(null, "shop", null), "PROCEDURE_NAME"), "[]");
        same(all(m.getFunctions(null, "shop", null), "FUNCTION_NAME"), "[]");
    }

    static List<String> all(ResultSet r, String column) throws SQLException {
        List<String> values = new ArrayList<>();
        while (r.next()) values.add(r.getString(column));
        r.close();
        return values;
    }

    static void same(Object got, String want) {
        if (!String.valueOf(got).equals(want)) throw new AssertionError("got " + got + ", want " + want);
    }
}
