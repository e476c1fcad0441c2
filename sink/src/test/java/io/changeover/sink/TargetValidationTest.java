package io.changeover.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.postgres.ServerSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Connect answers when it is asked whether a configuration would work. */
@Timeout(60)
class TargetValidationTest {

    private static final ServerSettings NOWHERE =
            new ServerSettings("127.0.0.1", 1, "db", "me", "CANARY-9f3", "disable", Optional.empty());

    private static TargetDatabase target;

    @BeforeAll
    static void createTarget() throws Exception {
        target = TargetDatabase.create();
    }

    @AfterAll
    static void closeTarget() throws Exception {
        target.close();
    }

    @Test
    void aRoleThatMayIsAccepted() throws Exception {
        target.execute("create table public.written (id integer primary key)");

        assertThat(errors(RunningSink.properties(target.createMover("written"))))
                .isEmpty();
    }

    @Test
    void nothingIsWritten() throws Exception {
        assertThat(errors(RunningSink.properties(target.settings()))).isEmpty();
        assertThat(target.query("select to_regnamespace('changeover') is null")).containsExactly("t");
    }

    @Test
    void wrongDatabaseAndPasswordAreProblemsOfTheirKeys() {
        assertThat(errors(RunningSink.properties(target.settings().withDatabase("absent"))))
                .containsOnlyKeys("connection.database");
        assertThat(errors(RunningSink.properties(target.settings("postgres", "CANARY-9f3"))))
                .containsOnlyKeys("connection.password")
                .allSatisfy((key, messages) ->
                        assertThat(messages.toString()).contains("28P01").doesNotContain("CANARY"));
    }

    @Test
    void missingRightsAreNamedWithWhatToGrant() throws Exception {
        target.execute("create role weak login password 'pw'");

        assertThat(errors(RunningSink.properties(target.settings("weak", "pw"))))
                .containsOnlyKeys("connection.user")
                .allSatisfy((key, messages) -> assertThat(messages)
                        .hasSize(2)
                        .anySatisfy(message -> assertThat(message).contains("grant create on database"))
                        .anySatisfy(message -> assertThat(message).contains("session_replication_role to \"weak\"")));
    }

    @Test
    void aLedgerOfAnotherRoleIsAProblem() throws Exception {
        try (TargetDatabase used = TargetDatabase.create()) {
            used.execute("create role late login password 'pw'");
            used.execute("grant set on parameter session_replication_role to late");
            used.execute("create schema changeover");
            used.execute("create table changeover.streams (stream text)");

            assertThat(errors(RunningSink.properties(used.settings("late", "pw"))))
                    .containsOnlyKeys("connection.user");

            used.execute("grant usage on schema changeover to late");
            used.execute("grant select, insert, update, delete on all tables in schema changeover to late");
            assertThat(errors(RunningSink.properties(used.settings("late", "pw"))))
                    .isEmpty();
        }
    }

    @Test
    void problemsAreAtTheKeyThatWasWritten() {
        Map<String, String> swapped = new HashMap<>(Map.of(
                "topics", "t",
                "connection.url", "jdbc:postgresql://127.0.0.1:1/db?sslmode=disable",
                "connection.username", "me"));
        assertThat(errors(swapped)).containsOnlyKeys("connection.url");

        swapped.put("connection.url", "jdbc:postgresql://127.0.0.1:70000/db?sslmode=prefer");
        assertThat(errors(swapped))
                .containsOnlyKeys("connection.url")
                .allSatisfy((key, messages) -> assertThat(messages).hasSize(2));

        swapped.put("connection.username", "");
        assertThat(errors(swapped)).containsOnlyKeys("connection.url", "connection.username");
    }

    @Test
    void unknownKeysAreRefusedBeforeTheServerIsAsked() {
        assertThat(errors(RunningSink.properties(NOWHERE, "other", "1"))).containsOnlyKeys("other");
        assertThat(errors(RunningSink.properties(NOWHERE))).containsOnlyKeys("connection.host");
    }

    /** A port behind a load balancer or a firewall takes the connection and never says a word. */
    @Test
    void aServerThatSaysNothingIsGivenUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            ServerSettings server = new ServerSettings(
                    "127.0.0.1", silent.getLocalPort(), "db", "me", "CANARY-9f3", "disable", Optional.empty());

            assertThat(errors(RunningSink.properties(server)))
                    .containsOnlyKeys("connection.host")
                    .allSatisfy(
                            (key, messages) -> assertThat(messages.toString()).doesNotContain("CANARY"));
        }
    }

    private static Map<String, List<String>> errors(Map<String, String> properties) {
        return new PostgresSinkConnector()
                .validate(properties).configValues().stream()
                        .filter(value -> !value.errorMessages().isEmpty())
                        .collect(Collectors.toMap(ConfigValue::name, ConfigValue::errorMessages));
    }
}
