package io.changeover.sink.guard;

import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The guard's tables in the ledger. Everything happens in the caller's transaction. */
final class GuardRecord {

    /**
     * The state of the guard.
     *
     * @param released whether everything was put back for a target that is open
     */
    record State(Guarding mode, boolean released) {}

    private static final String STALE = """
            select g.kind || ' ' || g.name || ' of ' || g.schema_name || '.' || g.table_name from changeover.guard g
            left join pg_namespace n on n.nspname = g.schema_name
            left join pg_class c on c.relnamespace = n.oid and c.relname = g.table_name
            where g.restored_at is null and (c.oid is null
            or (not g.dropped and g.kind = 'trigger'
                and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = g.name))
            or (not g.dropped and g.kind = 'rule'
                and not exists (select from pg_rewrite r where r.ev_class = c.oid and r.rulename = g.name)))
            order by 1""";

    private GuardRecord() {}

    /** The state, locked until the transaction ends; empty if the guard was never raised. */
    static Optional<State> lockState(Connection target) throws SQLException {
        return state(target, "select mode, released from changeover.guard_state for update");
    }

    /** The state, locked against change. */
    static Optional<State> holdState(Connection target) throws SQLException {
        return state(target, "select mode, released from changeover.guard_state for share");
    }

    private static Optional<State> state(Connection target, String sql) throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next()
                    ? Optional.of(new State(Guarding.of(rows.getString(1)), rows.getBoolean(2)))
                    : Optional.empty();
        }
    }

    static void writeState(Connection target, State state) throws SQLException {
        String sql = """
                insert into changeover.guard_state (mode, released) values (?, ?)
                on conflict (only_one) do update set mode = excluded.mode, released = excluded.released,
                changed_at = clock_timestamp()""";
        try (PreparedStatement upsert = target.prepareStatement(sql)) {
            upsert.setString(1, state.mode().word());
            upsert.setBoolean(2, state.released());
            upsert.executeUpdate();
        }
    }

    /** How something was before it was first set aside counts; only that a foreign key is not back any more is new. */
    static void add(Connection target, SetAside aside) throws SQLException {
        String sql = """
                insert into changeover.guard
                (kind, schema_name, table_name, name, dropped, restore, validate, proof, definition)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (kind, schema_name, table_name, name) do update set restored_at = null""";
        try (PreparedStatement insert = target.prepareStatement(sql)) {
            insert.setString(1, aside.kind());
            insert.setString(2, aside.table().schema());
            insert.setString(3, aside.table().name());
            insert.setString(4, aside.name());
            insert.setBoolean(5, aside.dropped());
            insert.setString(6, aside.restore());
            insert.setString(7, aside.validate().orElse(null));
            insert.setString(8, aside.proof().orElse(null));
            insert.setString(9, aside.definition().orElse(null));
            insert.executeUpdate();
        }
    }

    /** What is set aside, in the order in which it is put back: triggers, rules, foreign keys. */
    static List<SetAside> setAside(Connection target) throws SQLException {
        return read(target, "restored_at is null");
    }

    /** Foreign keys that are back and not validated yet. */
    static List<SetAside> toValidate(Connection target) throws SQLException {
        return read(target, "restored_at is not null");
    }

    private static List<SetAside> read(Connection target, String condition) throws SQLException {
        String sql = """
                select kind, schema_name, table_name, name, dropped, restore, validate, proof, definition
                from changeover.guard where %s order by kind desc, schema_name, table_name, name""";
        List<SetAside> found = new ArrayList<>();
        try (Statement statement = target.createStatement();
                ResultSet rows = statement.executeQuery(sql.formatted(condition))) {
            while (rows.next()) {
                found.add(new SetAside(
                        rows.getString(1),
                        new TableName(rows.getString(2), rows.getString(3)),
                        rows.getString(4),
                        rows.getBoolean(5),
                        "",
                        rows.getString(6),
                        Optional.ofNullable(rows.getString(7)),
                        Optional.ofNullable(rows.getString(8)),
                        Optional.ofNullable(rows.getString(9))));
            }
        }
        return List.copyOf(found);
    }

    /** A foreign key is back and waits for its validation. */
    static void markRestored(Connection target, SetAside aside) throws SQLException {
        change(target, "update changeover.guard set restored_at = clock_timestamp()", aside);
    }

    static void delete(Connection target, SetAside aside) throws SQLException {
        change(target, "delete from changeover.guard", aside);
    }

    /** It is put back without being validated. */
    static void leaveNotValid(Connection target, SetAside aside) throws SQLException {
        change(target, "update changeover.guard set validate = null, proof = null", aside);
    }

    private static void change(Connection target, String what, SetAside aside) throws SQLException {
        String sql = what + " where kind = ? and schema_name = ? and table_name = ? and name = ?";
        try (PreparedStatement statement = target.prepareStatement(sql)) {
            statement.setString(1, aside.kind());
            statement.setString(2, aside.table().schema());
            statement.setString(3, aside.table().name());
            statement.setString(4, aside.name());
            statement.executeUpdate();
        }
    }

    /** What is in the record and could not be put back, because it is not on the target any more. */
    static List<String> stale(Connection target) throws SQLException {
        List<String> stale = new ArrayList<>();
        try (Statement statement = target.createStatement();
                ResultSet rows = statement.executeQuery(STALE)) {
            while (rows.next()) {
                stale.add(rows.getString(1));
            }
        }
        return stale;
    }
}
