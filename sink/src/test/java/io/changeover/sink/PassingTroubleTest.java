package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.changeover.contract.ChangeEvent;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.local.LocalPostgres;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a target does at times and stops doing: the task tries again, and all changes are there once. */
@Timeout(60)
class PassingTroubleTest {

    private static final int MANY = 3000;
    private static final String ROLE = "troubled";
    private static final String PASSWORD = "troubled";

    private static LocalPostgres server;

    private final ChangeTopic topic = new ChangeTopic();
    private TargetDatabase target;

    @BeforeAll
    static void startServer() {
        server = LocalPostgres.builder(17).fsync(false).start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void createDatabase() throws SQLException {
        target = TargetDatabase.create();
        target.execute("create table public.t (id int primary key)");
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    /** A session can say that it writes, except on a standby. */
    @Test
    void aStandbyThatIsPromotedLater() throws Exception {
        ServerSettings own = ownDatabase("promoted");
        try (RunningSink sink = new RunningSink(own)) {
            server.stop();
            Files.createFile(server.directory().resolve("pgdata/standby.signal"));
            server.start();

            failsFor(sink, "25006");

            ask(own, "select pg_promote()");
            sink.follow(topic, 10);
        }
        assertAll(own);
    }

    @Test
    void aRoleThatHasNoConnectionLeft() throws Exception {
        target.execute("drop role if exists " + ROLE);
        target.execute("create role " + ROLE + " login password '" + PASSWORD + "'");
        database("owner to " + ROLE);
        target.execute("alter table public.t owner to " + ROLE);
        try (RunningSink sink = new RunningSink(target.settings(ROLE, PASSWORD))) {
            target.execute("alter role " + ROLE + " connection limit 0");
            target.terminateSink();

            failsFor(sink, "53300");

            target.execute("alter role " + ROLE + " connection limit -1");
            landsAll(sink);
        }
    }

    /** The server raises it where a row is written, as it would for a file that it cannot extend. */
    @Test
    void aDiskThatIsFull() throws Exception {
        target.execute("create table public.full_disk (n int)");
        target.execute("insert into public.full_disk values (1)");
        target.execute("""
                create function public.extend(int) returns boolean language plpgsql as $$
                begin
                  if exists (select from public.full_disk) then
                    raise exception using errcode = '53100', message = 'could not extend file';
                  end if;
                  return true;
                end $$""");
        target.execute("alter table public.t add check (public.extend(id))");
        try (RunningSink sink = new RunningSink(target.settings())) {
            failsFor(sink, "53100");

            target.execute("truncate public.full_disk");
            landsAll(sink);
        }
    }

    @Test
    void aStatementThatSomebodyCancels() throws Exception {
        target.execute("begin; lock table public.t in share mode");
        try (RunningSink sink = new RunningSink(target.settings())) {
            topic.transaction(10, many());
            sink.begin(topic.all());
            await().until(() -> target.query(
                            "select pg_cancel_backend(pid) from pg_stat_activity where wait_event_type = 'Lock'"
                                    + " and datname = current_database()")
                    .equals(List.of("t")));

            assertThatThrownBy(() -> sink.put(List.of()))
                    .isInstanceOf(RetriableException.class)
                    .hasMessageContaining("57014");

            target.execute("commit");
            sink.follow(topic, 10);
            assertAll(target.query("select count(*), sum(id) from public.t").get(0));
        }
    }

    @Test
    void aServerThatStopsWhileItWrites() throws Exception {
        goesOnAfter("stopped", server::restart);
    }

    @Test
    void aServerThatIsKilledWhileItWrites() throws Exception {
        goesOnAfter("killed", () -> {
            server.kill();
            server.start();
        });
    }

    private static ServerSettings ownDatabase(String name) throws SQLException {
        ask(server.settings("postgres"), "create database " + name);
        ServerSettings own = server.settings(name);
        ask(own, "create table public.t (id int primary key)");
        return own;
    }

    private void goesOnAfter(String database, Runnable trouble) throws Exception {
        ServerSettings own = ownDatabase(database);
        try (RunningSink sink = new RunningSink(own)) {
            topic.transaction(10, many());
            try (Connection other = connect(own);
                    Statement locking = other.createStatement()) {
                locking.execute("begin; lock table public.t in share mode");
                sink.begin(topic.all());
                await().until(() -> ask(own, "select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
                        .equals("1"));
                trouble.run();
            }

            assertThatThrownBy(() -> sink.begin(List.of())).isInstanceOf(RetriableException.class);
            sink.follow(topic, 10);
        }
        assertAll(own);
    }

    private void failsFor(RunningSink sink, String state) {
        topic.transaction(10, many());
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10; i++) { // the first failure may be that of the connection that was ended
                        try {
                            sink.put(topic.all());
                        } catch (RetriableException e) {
                            if (String.valueOf(e.getMessage()).contains(state)) {
                                throw e;
                            }
                        }
                    }
                })
                .isInstanceOf(RetriableException.class)
                .hasMessageContaining("will try again");
        assertThat(sink.committedOffset()).isZero();
    }

    private void landsAll(RunningSink sink) throws SQLException {
        sink.follow(topic, 10);
        assertAll(target.query("select count(*), sum(id) from public.t").get(0));
        assertThat(target.query("select inserts from changeover.counters")).containsExactly(String.valueOf(MANY));
        assertThat(sink.committedOffset()).isEqualTo(topic.end());
    }

    private static void assertAll(ServerSettings server) throws SQLException {
        assertAll(ask(server, "select count(*) || '|' || sum(id) from public.t"));
        assertThat(ask(server, "select inserts from changeover.counters")).isEqualTo(String.valueOf(MANY));
    }

    private static void assertAll(String countAndSum) {
        assertThat(countAndSum).isEqualTo(MANY + "|" + MANY * (MANY - 1) / 2);
    }

    private void database(String change) throws SQLException {
        target.execute("alter database " + target.settings().database() + " " + change);
    }

    private static ChangeEvent[] many() {
        return IntStream.range(0, MANY)
                .mapToObj(id -> insert("t", "id", String.valueOf(id)))
                .toArray(ChangeEvent[]::new);
    }

    private static Connection connect(ServerSettings server) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + server.database(),
                server.user(),
                server.password());
    }

    private static String ask(ServerSettings server, String sql) throws SQLException {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet rows = statement.getResultSet()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }
}
