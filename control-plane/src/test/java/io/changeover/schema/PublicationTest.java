package io.changeover.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.Marker;
import io.changeover.postgres.Connections;
import io.changeover.postgres.PublishedTables;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.postgres.UserTables;
import io.changeover.postgres.local.LocalPostgres;
import io.changeover.spec.TableSelection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a publication makes on servers of several versions, as a role that is no superuser. */
@Timeout(60)
class PublicationTest {

    private static final TableName T = new TableName("public", "t");
    private static final String OURS = "select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            + " where n.nspname = 'changeover' and c.relkind = 'r' order by 1";
    private static final String SCHEMA = "select nspname from pg_namespace where nspname = 'changeover'";

    @Test
    void serverBeforeTenGetsAListAndFilenodes() throws SQLException {
        try (LocalPostgres server = start(9)) {
            ServerSettings source = database(server);
            Publication.create(source, "p", TableSelection.ALL);
            Publication.create(source, "p", TableSelection.ALL);
            try (Connection connection = Connections.open(source, "changeover-test")) {
                assertThat(ask(connection, OURS)).containsExactly("filenode", "published");
                execute(connection, "create table public.late (id int primary key)");
                Publication.create(source, "other", TableSelection.ALL);
                assertThat(PublishedTables.read(connection, "p")).containsExactly(T);
                assertThat(PublishedTables.read(connection, "other"))
                        .containsExactly(new TableName("public", "late"), T);
                assertThat(PublishedTables.read(connection, "neither")).isEmpty();
                execute(connection, "truncate public.t");
                assertThat(Filenodes.changed(connection, "p")).containsExactly(T);

                Publication.drop(source, "p");
                assertThat(PublishedTables.read(connection, "p")).isEmpty();
                assertThat(PublishedTables.read(connection, "other")).hasSize(2);
                Publication.drop(source, "other");
                Publication.drop(source, "other");
                assertThat(ask(connection, SCHEMA)).isEmpty();
            }
        }
    }

    @Test
    void serverBeforeElevenGetsMarkersAndFilenodes() throws SQLException {
        try (LocalPostgres server = start(10)) {
            ServerSettings source = database(server);
            Publication.create(source, "p", TableSelection.ALL);
            Publication.create(source, "p", TableSelection.ALL);
            Publication.create(source, "other", TableSelection.ALL);
            try (Connection connection = Connections.open(source, "changeover-test")) {
                assertThat(ask(connection, OURS)).containsExactly("filenode", "marker");
                assertMarkersArePublishedAndHidden(connection);
                assertThat(Filenodes.changed(connection, "p")).isEmpty();

                execute(connection, "insert into public.t values (1, 'x')", "vacuum public.t");
                assertThat(Filenodes.changed(connection, "p")).isEmpty();
                execute(connection, "truncate public.t");
                assertThat(Filenodes.changed(connection, "p")).containsExactly(T);

                Publication.drop(source, "p");
                assertThat(ask(connection, OURS)).containsExactly("filenode", "marker");
                assertThat(Filenodes.changed(connection, "p")).isEmpty();
                assertThat(Filenodes.changed(connection, "other")).containsExactly(T);
                Publication.drop(source, "other");
                Publication.drop(source, "other");
                assertThat(ask(connection, SCHEMA)).isEmpty();
            }
        }
    }

    @Test
    void serverBeforeFourteenGetsMarkersOnly() throws SQLException {
        try (LocalPostgres server = start(12)) {
            ServerSettings source = database(server);
            Publication.create(source, "p", TableSelection.ALL);
            try (Connection connection = Connections.open(source, "changeover-test")) {
                assertThat(ask(connection, OURS)).containsExactly("marker");
                assertMarkersArePublishedAndHidden(connection);
                execute(connection, MarkerTable.heartbeat(), MarkerTable.heartbeat());
                assertThat(ask(connection, "select content from changeover.marker"))
                        .containsExactly(Marker.HEARTBEAT);

                execute(connection, "create table changeover.somebody_elses ()");
                Publication.drop(source, "p");
                assertThat(ask(connection, OURS)).containsExactly("somebody_elses");
            }
        }
    }

    @Test
    void serverFromFourteenOnGetsThePublicationAlone() throws SQLException {
        try (LocalPostgres server = start(14)) {
            ServerSettings source = database(server);
            Publication.create(source, "p", TableSelection.ALL);
            try (Connection connection = Connections.open(source, "changeover-test")) {
                assertThat(ask(connection, SCHEMA)).isEmpty();
                assertThat(ask(connection, "select tablename from pg_publication_tables"))
                        .containsExactly("t");
                assertThat(ask(connection, "select pubtruncate from pg_publication"))
                        .containsExactly("t");

                execute(connection, "create schema changeover");
                Publication.drop(source, "p");
                assertThat(ask(connection, SCHEMA)).containsExactly("changeover");
            }
        }
    }

    private static void assertMarkersArePublishedAndHidden(Connection connection) throws SQLException {
        assertThat(ask(connection, "select tablename from pg_publication_tables where pubname = 'p' order by 1"))
                .containsExactly("marker", "t");
        assertThat(PublishedTables.read(connection, "p")).containsExactly(T);
        assertThat(UserTables.writable(connection)).containsExactly(T);
        assertThat(UserTables.logged(connection)).containsExactly(T);
        assertThat(UserTables.ordinary(connection)).containsExactly(T);
    }

    private static LocalPostgres start(int major) {
        return LocalPostgres.builder(major)
                .fsync(false)
                .setting("wal_level", "logical")
                .start();
    }

    private static ServerSettings database(LocalPostgres server) throws SQLException {
        try (Connection superuser = Connections.open(server.settings("postgres"), "changeover-test")) {
            execute(superuser, "create role changeover login password 'p'", "create database shop owner changeover");
        }
        ServerSettings source = server.settings("shop", "changeover", "p");
        try (Connection owner = Connections.open(source, "changeover-test")) {
            execute(owner, "create table public.t (id int primary key, name text)");
        }
        return source;
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static List<String> ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
