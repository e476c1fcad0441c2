package io.changeover.sink.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code jdbc:postgresql://host:port/database?parameters}, taken apart. The driver never gets to see it: a URL can make
 * it load classes, write files, read passwords of others and connect elsewhere.
 *
 * @param host one host
 * @param port as written; empty means the default
 * @param database the database's name
 * @param parameters by name
 */
record TargetUrl(String host, String port, String database, Map<String, String> parameters) {

    private static final String PREFIX = "jdbc:postgresql://";

    private static final Pattern FORM =
            Pattern.compile(Pattern.quote(PREFIX) + "(?<host>[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:(?<port>[0-9]{1,5}))?"
                    + "/(?<database>[^/?]+)(\\?(?<parameters>.*))?");

    /**
     * Takes a URL apart.
     *
     * @throws IllegalArgumentException that says what is wrong, without the URL, in which a password may be
     */
    static TargetUrl parse(String url) {
        if (!url.startsWith(PREFIX)) {
            throw new IllegalArgumentException("has to begin with " + PREFIX + ": the sink writes to PostgreSQL only");
        }
        if (url.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("holds control characters");
        }
        Matcher form = FORM.matcher(url);
        if (!form.matches()) {
            throw new IllegalArgumentException(misshapen(url.substring(PREFIX.length())));
        }
        String host = form.group("host").replaceAll("[\\[\\]]", "");
        String port = form.group("port");
        String parameters = form.group("parameters");
        return new TargetUrl(
                host,
                port == null ? "" : port,
                decode(form.group("database")),
                parameters == null ? Map.of() : parameters(parameters));
    }

    private static String misshapen(String rest) {
        String authority = rest.split("[/?]", 2)[0];
        if (authority.contains("@")) {
            return "holds a user or a password; give connection.user and connection.password";
        }
        if (authority.contains(",")) {
            return "names several hosts; give one, whose name leads to the new primary after a failover";
        }
        return "has to be " + PREFIX + "host:port/database, with ?sslmode=… if wanted";
    }

    private static Map<String, String> parameters(String text) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : text.split("&", -1)) {
            String[] nameAndValue = parameter.split("=", 2);
            String value = nameAndValue.length == 2 ? decode(nameAndValue[1]) : "";
            if (!nameAndValue[0].isEmpty() && parameters.put(decode(nameAndValue[0]), value) != null) {
                throw new IllegalArgumentException("holds a parameter twice");
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        String decoded;
        try {
            decoded = URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("holds a % that is not followed by two hexadecimal digits", e);
        }
        if (decoded.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("holds control characters");
        }
        return decoded;
    }
}
