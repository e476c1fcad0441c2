package io.changeover.sink.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigException;

/**
 * A configuration as it was written, brought into the sink's own words: aliases become the keys that they stand for, a
 * URL becomes host, port, database and TLS, and what other sinks have is taken or refused by {@link JdbcSinkKeys}.
 *
 * @param settings by the sink's own keys, and Connect's
 * @param writtenAs for a key that was written otherwise, how
 * @param problems what is refused, in the order of the keys
 */
public record GivenKeys(Map<String, String> settings, Map<String, String> writtenAs, List<KeyProblem> problems) {

    /** Brings a configuration into the sink's own words. */
    public static GivenKeys of(Map<String, String> written) {
        Builder builder = new Builder();
        Map<String, String> present = new TreeMap<>(written);
        present.values().removeIf(Objects::isNull); // JSON has null
        present.forEach((key, value) -> builder.take(key, value, present));
        builder.expandUrl();
        builder.requirePlace();
        return new GivenKeys(
                Map.copyOf(builder.settings), Map.copyOf(builder.writtenAs), List.copyOf(builder.problems));
    }

    /** How a key of the sink's was written. */
    public String written(String key) {
        return writtenAs.getOrDefault(key, key);
    }

    /**
     * The settings of a configuration that is right.
     *
     * @throws ConfigException with the first problem
     */
    public Map<String, String> requireRight() {
        if (!problems.isEmpty()) {
            KeyProblem first = problems.get(0);
            throw new ConfigException("Setting " + first.key() + ": " + first.message());
        }
        return settings;
    }

    private static final class Builder {

        private final Map<String, String> settings = new TreeMap<>();
        private final Map<String, String> writtenAs = new TreeMap<>();
        private final List<KeyProblem> problems = new ArrayList<>();

        private void take(String key, String value, Map<String, String> written) {
            if (SinkDefinition.KEYS.names().contains(key) || ConnectKeys.contains(key)) {
                settings.put(key, value);
            } else {
                JdbcSinkKeys.find(key)
                        .ifPresentOrElse(
                                other -> takeForeign(other, key, value, written), () -> refuse(key, unknown()));
            }
        }

        private void takeForeign(JdbcSinkKey other, String key, String value, Map<String, String> written) {
            if (other.treatment() == JdbcSinkKey.Treatment.ALIAS) {
                expand(key, other.alias(), value, written);
            } else {
                other.refusal(value).ifPresent(message -> refuse(key, message));
            }
        }

        /** Where both are written, they have to say the same. */
        private void expand(String writtenKey, String key, String value, Map<String, String> written) {
            if (!written.getOrDefault(key, value).equals(value)) {
                refuse(writtenKey, "says something else than " + key + ", which means the same: keep one of them");
            } else {
                settings.put(key, value);
                writtenAs.put(key, writtenKey);
            }
        }

        private void expandUrl() {
            String url = settings.getOrDefault(ConnectionKeys.URL, "");
            if (url.isEmpty()) {
                return;
            }
            ConnectionKeys.PLACE.stream()
                    .filter(settings::containsKey)
                    .forEach(key -> refuse(key, "is part of connection.url: keep one of them"));
            try {
                TargetUrl target = TargetUrl.parse(url);
                Map<String, String> before = Map.copyOf(settings);
                fromUrl(ConnectionKeys.HOST, target.host(), before);
                fromUrl(ConnectionKeys.DATABASE, target.database(), before);
                if (!target.port().isEmpty()) {
                    fromUrl(ConnectionKeys.PORT, target.port(), before);
                }
                UrlParameters.settings(target.parameters()).forEach((key, value) -> fromUrl(key, value, before));
            } catch (IllegalArgumentException e) {
                refuse(ConnectionKeys.URL, String.valueOf(e.getMessage()));
            }
        }

        private void fromUrl(String key, String value, Map<String, String> before) {
            if (!ConnectionKeys.PLACE.contains(key) || !before.containsKey(key)) {
                expand(ConnectionKeys.URL, key, value, before);
            }
        }

        private void requirePlace() {
            boolean url = !settings.getOrDefault(ConnectionKeys.URL, "").isEmpty();
            List.of(ConnectionKeys.HOST, ConnectionKeys.DATABASE).stream()
                    .filter(key -> !url && settings.getOrDefault(key, "").isEmpty())
                    .forEach(key ->
                            refuse(key, "is missing: give connection.url, or connection.host and connection.database"));
        }

        private void refuse(String key, String message) {
            problems.add(new KeyProblem(key, message));
        }

        private static String unknown() {
            return "unknown; the sink knows " + String.join(", ", SinkDefinition.KEYS.names());
        }
    }
}
