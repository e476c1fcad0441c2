package io.changeover.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.changeover.sink.PostgresSinkConnector;
import io.changeover.sink.config.GivenKeys;
import io.changeover.sink.config.JdbcSinkKey;
import io.changeover.sink.config.JdbcSinkKeys;
import io.changeover.sink.config.SinkDefinition;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The page says what becomes of each key of two other sinks; the code has to do so. */
class ReplacingJdbcSinkTest {

    private static final GeneratedPart PAGE = new GeneratedPart("replacing-a-jdbc-sink.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Map<String, String> LEAST =
            Map.of("topics", "t", "connection.url", "jdbc:postgresql://h/d", "connection.user", "u");

    @Test
    void tableIsMadeOfTheCodesOwn() throws Exception {
        PAGE.requireToBe("\n| key | of | here | |\n| --- | --- | --- | --- |\n"
                + JdbcSinkKeys.ALL.stream().map(ReplacingJdbcSinkTest::row).collect(Collectors.joining()) + "\n");
    }

    private static String row(JdbcSinkKey key) {
        return "| `" + key.name() + "` | "
                + key.sinks().stream().map(JdbcSinkKey.Sink::word).collect(Collectors.joining(", ")) + " | "
                + treatment(key) + " | " + GeneratedPart.cell(key.explanation()) + " |\n";
    }

    private static String treatment(JdbcSinkKey key) {
        String values = key.values().stream().map(value -> "`" + value + "`").collect(Collectors.joining(" or "));
        return switch (key.treatment()) {
            case SAME -> "same";
            case ALIAS -> "means " + values;
            case ACCEPTED -> "only " + values;
            case REFUSED -> "refused";
        };
    }

    @TestFactory
    List<DynamicTest> everyKeyIsTreatedAsThePageSays() throws Exception {
        List<String[]> rows = PAGE.read()
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split(" \\| "))
                .toList();
        assertThat(rows).hasSizeGreaterThan(50);
        return rows.stream()
                .map(row -> DynamicTest.dynamicTest(
                        row[0], () -> require(words(row[0]).get(0), row[2], row[3])))
                .toList();
    }

    private static void require(String key, String here, String sentence) {
        String example = key.replace("*", "anything");
        switch (here.split(" ")[0]) {
            case "same" -> assertThat(SinkDefinition.KEYS.names()).contains(key);
            case "means" -> requireAlias(key, words(here).get(0));
            case "only" -> {
                words(here).forEach(value -> requireTaken(example, value));
                requireRefused(example, "certainly not this", sentence);
            }
            case "refused" ->
                List.of("", "true", "false", "1").forEach(value -> requireRefused(example, value, sentence));
            default -> throw new AssertionError("The page has an unknown word: " + here);
        }
    }

    private static void requireAlias(String key, String own) {
        assertThat(SinkDefinition.KEYS.names()).contains(own).doesNotContain(key);
        Map<String, String> withoutBoth = new HashMap<>(LEAST);
        withoutBoth.remove(own);
        String value = own.equals("pk.mode") ? "record_key" : "7";
        assertThat(GivenKeys.of(with(withoutBoth, key, value)).settings())
                .isEqualTo(GivenKeys.of(with(withoutBoth, own, value)).settings());
        assertThatCode(() -> start(with(withoutBoth, key, value))).doesNotThrowAnyException();
    }

    private static void requireTaken(String key, String value) {
        assertThat(SinkDefinition.KEYS.names()).doesNotContain(key);
        assertThatCode(() -> start(with(LEAST, key, value))).doesNotThrowAnyException();
        assertThat(GivenKeys.of(with(LEAST, key, value)).settings())
                .isEqualTo(GivenKeys.of(LEAST).settings());
    }

    private static void requireRefused(String key, String value, String sentence) {
        assertThatThrownBy(() -> start(with(LEAST, key, value)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Setting " + key)
                .hasMessageContaining(sentence.replaceAll(" \\|$", "").replace("\\|", "|"));
    }

    /** Reads the whole configuration, as Connect has it done, without looking at a target. */
    private static void start(Map<String, String> settings) {
        new PostgresSinkConnector().start(settings);
    }

    private static Map<String, String> with(Map<String, String> settings, String key, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(key, value);
        return more;
    }

    private static List<String> words(String cell) {
        return CODE.matcher(cell)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    @Test
    void theExampleOfASwappedClassIsRight() throws Exception {
        Map<String, String> example = example();

        assertThatCode(() -> start(example)).doesNotThrowAnyException();
        assertThat(example.keySet())
                .containsAll(
                        Arrays.asList("connection.url", "connection.user", "insert.mode", "pk.mode", "auto.create"));
    }

    static Map<String, String> example() throws Exception {
        ObjectMapper json = new ObjectMapper();
        return json.convertValue(
                json.readTree(Path.of("..", "config", "connectors", "sink-replacing-jdbc.json")
                                .toFile())
                        .path("config"),
                new TypeReference<Map<String, String>>() {});
    }
}
