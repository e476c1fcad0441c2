package io.changeover.sink.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The parameters of a URL: a short list is meant, a few change nothing here, all others are refused by name. Among
 * those are socketFactory, sslfactory and others that name a class, loggerFile, service and others that name a file.
 */
final class UrlParameters {

    private static final Map<String, String> MEANT =
            Map.of("sslmode", ConnectionKeys.SSL_MODE, "sslrootcert", ConnectionKeys.SSL_ROOT_CERT);

    /** They make another sink faster or let it pass text for any type; or they name the session, as the sink does. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "ApplicationName",
            "binaryTransfer",
            "defaultRowFetchSize",
            "prepareThreshold",
            "preparedStatementCacheQueries",
            "preparedStatementCacheSizeMiB",
            "reWriteBatchedInserts",
            "stringtype",
            "tcpKeepAlive");

    private static final Set<String> SECRETS = Set.of("user", "password", "sslpassword");

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.]{0,40}");

    private UrlParameters() {}

    /**
     * The settings that parameters stand for.
     *
     * @throws IllegalArgumentException with the names of those that are refused
     */
    static Map<String, String> settings(Map<String, String> parameters) {
        refuseOthers(parameters.keySet());
        Map<String, String> settings = new LinkedHashMap<>();
        if (parameters.getOrDefault("ssl", "false").equals("true")) {
            settings.put(ConnectionKeys.SSL_MODE, "verify-full");
        }
        MEANT.forEach((parameter, key) -> {
            String value = parameters.get(parameter);
            if (value != null) {
                settings.put(key, value);
            }
        });
        return settings;
    }

    private static void refuseOthers(Set<String> names) {
        if (names.stream().anyMatch(SECRETS::contains)) {
            throw new IllegalArgumentException("holds a user or a password, which Connect's REST would show; give"
                    + " connection.user and connection.password, with a configuration provider");
        }
        List<String> others = names.stream()
                .filter(name -> !MEANT.containsKey(name) && !WITHOUT_EFFECT.contains(name) && !name.equals("ssl"))
                .map(name -> NAME.matcher(name).matches() ? name : "one with an odd name")
                .sorted()
                .toList();
        if (!others.isEmpty()) {
            throw new IllegalArgumentException("holds parameters that are refused: " + String.join(", ", others)
                    + ". Allowed are sslmode, sslrootcert, ssl, and without effect "
                    + String.join(", ", WITHOUT_EFFECT.stream().sorted().toList()));
        }
    }
}
