package io.changeover.sink.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GivenKeysTest {

    private static final String SECRET = "CANARY-9f3";

    @Test
    void aUrlIsAnotherSpelling() {
        GivenKeys given = GivenKeys.of(Map.of("connection.url", "jdbc:postgresql://db.example:5433/shop?ssl=true"));

        assertThat(given.problems()).isEmpty();
        assertThat(given.settings())
                .containsEntry("connection.host", "db.example")
                .containsEntry("connection.port", "5433")
                .containsEntry("connection.database", "shop")
                .containsEntry("connection.ssl.mode", "verify-full");
        assertThat(given.written("connection.port")).isEqualTo("connection.url");
        assertThat(given.written("connection.user")).isEqualTo("connection.user");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:mysql://h/d",
                "postgresql://h/d",
                "jdbc:postgresql:d",
                "jdbc:postgresql://h",
                "jdbc:postgresql://h/",
                "jdbc:postgresql:///d",
                "jdbc:postgresql://h1,h2/d",
                "jdbc:postgresql://u:CANARY-9f3@h/d",
                "jdbc:postgresql://h:port/d",
                "jdbc:postgresql://h/d?socketFactory=javax.net.SocketFactory",
                "jdbc:postgresql://h/d?socketFactoryArg=CANARY-9f3",
                "jdbc:postgresql://h/d?SocketFactory=CANARY-9f3",
                "jdbc:postgresql://h/d?sslfactory=org.example.Loaded&sslfactoryarg=CANARY-9f3",
                "jdbc:postgresql://h/d?sslhostnameverifier=CANARY-9f3",
                "jdbc:postgresql://h/d?sslpasswordcallback=CANARY-9f3",
                "jdbc:postgresql://h/d?authenticationPluginClassName=CANARY-9f3",
                "jdbc:postgresql://h/d?xmlFactoryFactory=CANARY-9f3",
                "jdbc:postgresql://h/d?loggerLevel=DEBUG&loggerFile=/tmp/CANARY-9f3",
                "jdbc:postgresql://h/d?service=CANARY-9f3",
                "jdbc:postgresql://h/d?options=-c%20search_path=CANARY-9f3",
                "jdbc:postgresql://h/d?PGHOST=CANARY-9f3",
                "jdbc:postgresql://h/d?host=CANARY-9f3",
                "jdbc:postgresql://h/d?jaasApplicationName=CANARY-9f3",
                "jdbc:postgresql://h/d?sslkey=/etc/CANARY-9f3",
                "jdbc:postgresql://h/d?user=u",
                "jdbc:postgresql://h/d?password=CANARY-9f3",
                "jdbc:postgresql://h/d?%70assword=CANARY-9f3",
                "jdbc:postgresql://h/d?sslmode=require&sslmode=disable",
                "jdbc:postgresql://h/d?CANARY%209f3",
                "jdbc:postgresql://h/d%0d%0a",
                "jdbc:postgresql://h/d\r\nx",
                "jdbc:postgresql://h/d%zz",
                "jdbc:postgresql://h/d?currentSchema=x",
                "jdbc:postgresql://h/d?targetServerType=primary"
            })
    void aUrlThatCouldDoMoreIsRefusedWithoutShowingIt(String url) {
        assertThat(GivenKeys.of(Map.of("connection.url", url)).problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.key()).isEqualTo("connection.url");
                    assertThat(problem.message()).doesNotContain(SECRET).doesNotContain("CANARY");
                });
    }

    @Test
    void refusedParametersAreNamed() {
        assertThat(GivenKeys.of(Map.of("connection.url", "jdbc:postgresql://h/d?loggerFile=/x&service=y"))
                        .problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("loggerFile, service"));
    }

    @Test
    void eitherAUrlOrHostAndDatabase() {
        assertThat(problems("connection.url", "jdbc:postgresql://h/d", "connection.port", "1", "connection.host", "x"))
                .containsOnlyKeys("connection.host", "connection.port");
        assertThat(problems("connection.host", "h")).containsOnlyKeys("connection.database");
        assertThat(problems()).containsOnlyKeys("connection.host", "connection.database");
        assertThat(problems("connection.host", "h", "connection.database", "d")).isEmpty();
    }

    @Test
    void twoSpellingsHaveToSayTheSame() {
        String url = "jdbc:postgresql://h/d?sslmode=require";

        assertThat(problems("connection.url", url, "connection.user", "a", "connection.username", "b"))
                .containsOnlyKeys("connection.username");
        assertThat(problems("connection.url", url, "connection.user", "a", "connection.username", "a"))
                .isEmpty();
        assertThat(problems("connection.url", url, "connection.ssl.mode", "disable"))
                .containsOnlyKeys("connection.url");
        assertThat(problems("connection.url", url, "connection.ssl.mode", "require"))
                .isEmpty();
    }

    @Test
    void nullIsAsIfItWereNotThere() {
        Map<String, String> written = new HashMap<>();
        written.put("connection.url", "jdbc:postgresql://h/d");
        written.put("connection.host", null);
        written.put("auto.create", null);

        assertThat(GivenKeys.of(written).problems()).isEmpty();
    }

    private static Map<String, String> problems(String... keysAndValues) {
        Map<String, String> written = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            written.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        Map<String, String> problems = new HashMap<>();
        GivenKeys.of(written).problems().forEach(problem -> problems.put(problem.key(), problem.message()));
        return problems;
    }
}
