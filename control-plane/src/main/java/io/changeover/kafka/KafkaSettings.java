package io.changeover.kafka;

import io.changeover.spec.Secrets;
import io.changeover.spec.Suggestion;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Settings of Kafka's clients as a person has written them: how a connection is encrypted, and how the control plane
 * says who it is. Secrets are references in Kafka's notation, as those of databases.
 *
 * @param properties by Kafka's names
 * @param origin the file, for messages; empty if there is none
 */
public record KafkaSettings(Map<String, String> properties, String origin) {

    /** An unencrypted connection of somebody without a name. */
    public static final KafkaSettings NONE = new KafkaSettings(Map.of(), "");

    private static final Set<String> SINGLE =
            Set.of("client.dns.lookup", "socket.connection.setup.timeout.ms", "socket.connection.setup.timeout.max.ms");

    private static final Pattern GROUP = Pattern.compile("(security|sasl|ssl)\\..+");

    /** Of Kafka's type for secrets, though everybody may know them. */
    private static final Set<String> PUBLIC = Set.of("ssl.truststore.certificates", "ssl.keystore.certificate.chain");

    private static final String LOGIN = "sasl.jaas.config";

    private static final String MUST_BE_REFERENCE =
            "must be a reference, ${file:/path/to/file.properties:key}, ${env:NAME} or ${dir:/path:file}, and"
                    + " not the secret itself";

    /** An option of a login module whose value nobody may see. */
    private static final Pattern SECRET_OPTION =
            Pattern.compile("(?i)([\\w.]*(?:password|secret)[\\w.]*)\\s*=\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s;]+)");

    public KafkaSettings {
        properties = Map.copyOf(properties);
    }

    /**
     * Reads a file of properties.
     *
     * @throws InvalidKafkaSettings with all that is wrong with it
     */
    public static KafkaSettings read(Path file) {
        Properties found = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            found.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidKafkaSettings(file.toString(), List.of("cannot be read: " + e));
        }
        Map<String, String> properties = new TreeMap<>();
        found.stringPropertyNames().forEach(name -> properties.put(name, found.getProperty(name)));
        List<String> problems = problems(properties);
        if (!problems.isEmpty()) {
            throw new InvalidKafkaSettings(file.toString(), problems);
        }
        return new KafkaSettings(properties, file.toString());
    }

    /** What is wrong, a line each; no line has a value. */
    static List<String> problems(Map<String, String> properties) {
        List<String> problems = new ArrayList<>();
        new TreeMap<>(properties).forEach((name, value) -> {
            if (!allowed().contains(name)) {
                problems.add(name + ": not a setting that can be given here; " + Suggestion.among(name, allowed()));
            } else if (name.equals(LOGIN)) {
                problems.addAll(literalOptions(value));
            } else if (isSecret(name) && !Secrets.isReference(value)) {
                problems.add(name + ": " + MUST_BE_REFERENCE);
            }
        });
        problems.addAll(refusedByKafka(properties));
        return problems;
    }

    private static List<String> literalOptions(String login) {
        List<String> problems = new ArrayList<>();
        Matcher option = SECRET_OPTION.matcher(login);
        while (option.find()) {
            String value = option.group(2).replaceAll("^\"|\"$", "");
            if (!Secrets.isReference(value)) {
                problems.add(LOGIN + ": " + option.group(1) + " " + MUST_BE_REFERENCE);
            }
        }
        return problems;
    }

    /** What is a reference is not known yet. */
    private static List<String> refusedByKafka(Map<String, String> properties) {
        Map<String, String> known = new TreeMap<>(properties);
        known.entrySet().removeIf(each -> !allowed().contains(each.getKey()) || Secrets.hasReference(each.getValue()));
        return AdminClientConfig.configDef().validate(known).stream()
                .filter(value -> known.containsKey(value.name())
                        && !value.errorMessages().isEmpty())
                .map(value -> value.name() + ": not a value that Kafka takes; its documentation has those that it does")
                .toList();
    }

    private static boolean isSecret(String name) {
        ConfigDef.ConfigKey key = AdminClientConfig.configDef().configKeys().get(name);
        return key != null && key.type() == ConfigDef.Type.PASSWORD && !PUBLIC.contains(name);
    }

    /** The names that can be given, in their order. */
    public static List<String> allowed() {
        return AdminClientConfig.configNames().stream()
                .filter(name -> SINGLE.contains(name) || GROUP.matcher(name).matches())
                .sorted()
                .toList();
    }

    /** Nothing that could hold a secret. */
    @Override
    public String toString() {
        return origin + " " + new TreeMap<>(properties).keySet();
    }
}
