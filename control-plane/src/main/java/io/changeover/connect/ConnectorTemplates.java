package io.changeover.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.changeover.migration.Names;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.LoadMode;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ServerSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The connector configurations of a database pair: the files of {@code config/connectors}, which a person could deploy
 * by hand, with their <code>{{placeholders}}</code> filled in. Passwords stay references.
 */
public final class ConnectorTemplates {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([\\w.]+)}}");
    /** Tasks of a load through a topic that is not limited. */
    private static final int READERS = 2;

    private static final String FOLDER = "/io/changeover/config/connectors/";

    private static final String LARGEST = "producer.override.max.request.size";
    private static final String KAFKAS_LARGEST = "1048576";

    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, String> values;
    private final Names names;
    private final LoadMode loadMode;

    /** Templates for one pair of a migration. */
    public ConnectorTemplates(MigrationSpec spec, DatabasePair pair) {
        this(spec, pair, new Names(spec.name(), pair.source()));
    }

    /** The same under other names: those of the stream back, with source and target exchanged. */
    public ConnectorTemplates(MigrationSpec spec, DatabasePair pair, Names names) {
        this.names = names;
        loadMode = spec.load().mode();
        values = new LinkedHashMap<>();
        server("source", spec.source(), pair.source());
        server("target", spec.target(), pair.target());
        values.put("slot", names.slot());
        values.put("publication", names.publication());
        values.put("topic", names.changeTopic());
        values.put("progress.topic", names.progressTopic());
        values.put("load.topic", names.loadTopic());
        values.put("load.readers", String.valueOf(spec.load().readers().orElse(READERS)));
        values.put("load.bytesPerSecond", bytesPerTask(spec.load()));
    }

    /** The limit is of all tasks together; empty without one. */
    private static String bytesPerTask(LoadSpec load) {
        return load.bytesPerSecond()
                .map(all -> String.valueOf(Math.max(1, all / load.readers().orElse(READERS))))
                .orElse("");
    }

    private void server(String side, ServerSpec server, String database) {
        values.put(side + ".host", server.host());
        values.put(side + ".port", String.valueOf(server.port()));
        values.put(side + ".database", database);
        values.put(side + ".user", server.user());
        values.put(side + ".password", server.password());
        values.put(side + ".sslMode", server.sslMode().word());
        values.put(side + ".sslRootCert", server.sslRootCert().orElse(""));
        values.put(
                side + ".sslFactory",
                server.sslMode().word().startsWith("verify")
                                && server.sslRootCert().isEmpty()
                        ? "org.postgresql.ssl.DefaultJavaSSLFactory"
                        : "");
    }

    /**
     * The capture connector's configuration.
     *
     * @param heartbeat the statement that writes a heartbeat on the source; empty for the connector's default, a
     *     logical message
     */
    public Map<String, String> capture(Optional<String> heartbeat) {
        return fill("capture.json", Map.of("heartbeat", heartbeat.orElse("")));
    }

    /** The load connector's configuration. */
    public Map<String, String> load() {
        return fill("load.json", Map.of());
    }

    /** The configuration of the connector that reads for a load through a topic. */
    public Map<String, String> topicLoad() {
        return fill("load-topic-source.json", Map.of());
    }

    /** The configuration of the connector that writes what {@link #topicLoad()} has read. */
    public Map<String, String> topicLoadSink() {
        return fill("load-topic-sink.json", Map.of());
    }

    /** The sink connector's configuration. */
    public Map<String, String> sink() {
        return fill("sink.json", Map.of());
    }

    /** The connectors of the load, by name, and their configurations. */
    public Map<String, Map<String, String>> loads() {
        return switch (loadMode) {
            case COPY -> Map.of(names.load(), load());
            case TOPIC -> Map.of(names.load(), topicLoad(), names.loadSink(), topicLoadSink());
        };
    }

    /** Every connector of the pair, by name, in the order of the rows' way, as it is handed to Connect. */
    public Map<String, Map<String, String>> all(Optional<String> heartbeat) {
        Map<String, Map<String, String>> all = new LinkedHashMap<>();
        all.put(names.capture(), capture(heartbeat));
        all.putAll(new TreeMap<>(loads()));
        all.put(names.sink(), sink());
        return all;
    }

    /** The largest record that the capture may write, in bytes. */
    public long largestRecord() {
        return Long.parseLong(capture(Optional.empty()).getOrDefault(LARGEST, KAFKAS_LARGEST));
    }

    /** A setting that is empty once filled in is left out: it means the default. */
    private Map<String, String> fill(String file, Map<String, String> more) {
        Map<String, String> config = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> setting : read(file).path("config").properties()) {
            String filled = PLACEHOLDER
                    .matcher(setting.getValue().asText())
                    .replaceAll(match -> Matcher.quoteReplacement(value(file, match.group(1), more)));
            if (!filled.isEmpty()) {
                config.put(setting.getKey(), filled);
            }
        }
        return config;
    }

    private String value(String file, String placeholder, Map<String, String> more) {
        String value = more.getOrDefault(placeholder, values.get(placeholder));
        if (value == null) {
            throw new IllegalStateException("The template " + file + " has an unknown placeholder " + placeholder);
        }
        return value;
    }

    private JsonNode read(String file) {
        try (InputStream in = ConnectorTemplates.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) {
                throw new IllegalStateException("The template " + file + " is missing from the program");
            }
            return json.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
