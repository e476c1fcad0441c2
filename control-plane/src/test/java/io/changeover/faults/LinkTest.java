package io.changeover.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.e2e.Databases;
import io.changeover.e2e.Servers;
import io.changeover.e2e.StackExtension;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(StackExtension.class)
class LinkTest {

    private Databases databases;
    private Link link;

    @BeforeEach
    void open(Databases created) throws Exception {
        databases = created;
        databases.onSource("create table public.t (id int)");
        link = Link.to(databases.source(Servers.APPLICATION).port());
    }

    @AfterEach
    void close() throws Exception {
        link.close();
    }

    @Test
    void isCutForTheApplicationsThatAreMeant() throws Exception {
        try (Connection one = connect("one 1");
                Connection two = connect("two 1")) {
            link.is(Trouble.CUT, Link.of("one"));

            assertThatThrownBy(() -> insert(one)).isInstanceOf(SQLException.class);
            insert(two);
            assertThatThrownBy(() -> connect("one 2")).isInstanceOf(SQLException.class);
            link.mend();
            connect("one 3").close();
        }
    }

    @Test
    void whatStoodStillArrivesInTheEnd() throws Exception {
        try (Connection connection = connect("one")) {
            link.is(Trouble.STALLED);
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> insertUnchecked(connection));
            assertThat(rows()).containsExactly("0");

            link.mend();

            writing.join();
            assertThat(rows()).containsExactly("1");
        }
    }

    @Test
    void whatWasSwallowedNeverArrives() throws Exception {
        try (Connection connection = connect("one")) {
            link.is(Trouble.SWALLOWED);
            connection.setNetworkTimeout(Runnable::run, 300);
            assertThatThrownBy(() -> insert(connection)).isInstanceOf(SQLException.class);
            link.mend();
            assertThat(rows()).containsExactly("0");
        }
    }

    @Test
    void theAnswerToACommitCanBeLost() throws Exception {
        try (Connection connection = connect("one")) {
            connection.setAutoCommit(false);
            insert(connection);
            AtomicBoolean committed = new AtomicBoolean();
            link.at(Moment.answer("COMMIT\0"), Link.EVERYBODY, () -> {
                committed.set(true);
                link.is(Trouble.CUT);
            });

            assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);

            assertThat(committed).isTrue();
            assertThat(rows()).containsExactly("1");
        }
    }

    @Test
    void aRequestCanBeLost() throws Exception {
        try (Connection connection = connect("one")) {
            CompletableFuture<Void> said =
                    link.at(Moment.request("insert into"), Link.of("one"), () -> link.is(Trouble.CUT));

            assertThatThrownBy(() -> insert(connection)).isInstanceOf(SQLException.class);

            assertThat(said).succeedsWithin(Duration.ofSeconds(10));
            assertThat(rows()).containsExactly("0");
        }
    }

    @Test
    void aPhraseInTwoPiecesIsCountedOnce() {
        SaidText first = SaidText.NOTHING.next("lock table; lock ta");
        SaidText second = first.next("ble; lock table");

        assertThat(List.of(first.count("lock table"), second.count("lock table")))
                .containsExactly(1, 2);
    }

    private List<String> rows() throws SQLException {
        return databases.askSource("select count(*) from public.t");
    }

    private Connection connect(String application) throws SQLException {
        ServerSettings server = databases.source(Servers.APPLICATION);
        return Connections.open(
                new ServerSettings(
                        server.host(),
                        link.port(),
                        server.database(),
                        server.user(),
                        server.password(),
                        server.sslMode(),
                        server.sslRootCert()),
                application);
    }

    private static void insert(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("insert into public.t values (1)");
        }
    }

    private static void insertUnchecked(Connection connection) {
        try {
            insert(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
