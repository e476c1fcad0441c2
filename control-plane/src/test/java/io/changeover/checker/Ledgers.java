package io.changeover.checker;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tables of the checked application: schema {@code checked}. */
final class Ledgers {

    static final int ACCOUNTS = 20;
    static final int LISTS = 8;

    /** Of all accounts of both tables. */
    static final long SUM = 2L * ACCOUNTS * 1000;

    private static final String[] MAKE = {
        "create schema checked",
        "create sequence checked.numbers",
        "create table checked.inserts (id bigint primary key, number bigint unique not null)",
        "create table checked.giro (id int primary key, balance bigint not null)",
        "create table checked.deposit (id int primary key, balance bigint not null)",
        "create table checked.lists (id int primary key, items text not null)",
        "create materialized view checked.totals as select count(*) as inserts from checked.inserts",
        "insert into checked.giro select n, 1000 from generate_series(1, " + ACCOUNTS + ") n",
        "insert into checked.deposit select n, 1000 from generate_series(1, " + ACCOUNTS + ") n",
        "insert into checked.lists select n, '' from generate_series(0, " + (LISTS - 1) + ") n"
    };

    /** One statement is one snapshot. */
    private static final String SUM_QUERY =
            "select (select sum(balance) from checked.giro)" + " + (select sum(balance) from checked.deposit)";

    private Ledgers() {}

    static void make(ServerSettings server) throws SQLException {
        try (Connection connection = Connections.open(server, "checked");
                Statement statement = connection.createStatement()) {
            for (String sql : MAKE) {
                statement.execute(sql);
            }
        }
    }

    static long sum(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SUM_QUERY)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    static Set<Long> inserts(Connection connection) throws SQLException {
        Set<Long> ids = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select id from checked.inserts")) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }

    static Map<Integer, List<Long>> lists(Connection connection) throws SQLException {
        Map<Integer, List<Long>> lists = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select id, items from checked.lists")) {
            while (rows.next()) {
                List<Long> items = new ArrayList<>();
                for (String item : rows.getString(2).split(",", -1)) {
                    if (!item.isEmpty()) {
                        items.add(Long.valueOf(item));
                    }
                }
                lists.put(rows.getInt(1), items);
            }
        }
        return lists;
    }
}
