package io.changeover.hook;

import io.changeover.spec.HookSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A hook and what it is told.
 *
 * @param spec what is run or told
 * @param facts names in lower case with underscores, and what they are: never a secret
 * @param secrets that do not belong to anybody who reads what a hook has written
 */
public record HookCall(HookSpec spec, Map<String, String> facts, List<String> secrets) {

    /** Name of the fact that is the same whenever a hook is run for the same step of the same attempt. */
    public static final String KEY = "idempotency_key";

    private static final String PREFIX = "CHANGEOVER_";

    /** Nothing of this process's own environment, which may hold passwords. */
    private static final Map<String, String> PLAIN =
            Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG", "C.UTF-8");

    public HookCall {
        facts = new LinkedHashMap<>(facts);
        secrets = List.copyOf(secrets);
    }

    @Override
    public Map<String, String> facts() {
        return new LinkedHashMap<>(facts);
    }

    /** All that a command finds in its environment. */
    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>(PLAIN);
        facts.forEach((name, value) -> environment.put(PREFIX + name.toUpperCase(Locale.ROOT), value));
        return environment;
    }

    /** What all processes of this run have in their environment, and no other process has. */
    String mark() {
        return PREFIX + KEY.toUpperCase(Locale.ROOT) + "=" + facts.getOrDefault(KEY, "");
    }

    /** The same, as a webhook gets it. */
    Map<String, String> body() {
        Map<String, String> body = new LinkedHashMap<>();
        facts.forEach((name, value) -> body.put(camelCase(name), value));
        return body;
    }

    private static String camelCase(String name) {
        StringBuilder text = new StringBuilder();
        for (String word : name.split("_", -1)) {
            text.append(text.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return text.toString();
    }
}
