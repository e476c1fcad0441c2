package io.changeover.migration;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * A short text that is another one whenever what is remembered is another: a hash of it, so that it needs no place of
 * its own and is the same after a restart. What is only looked at, such as numbers of rows, is not part of it.
 *
 * @param text letters and digits
 */
public record Revision(String text) {

    private static final int LENGTH = 24;

    /** Of a migration and all its pairs. */
    public static Revision of(Migration migration) {
        StringBuilder all = new StringBuilder();
        add(all, Change.ofMigration(migration));
        migration.databases().forEach(status -> all.append(of(status).text()).append('\n'));
        return new Revision(hash(all.toString()));
    }

    /** Of a pair. */
    public static Revision of(DatabaseStatus status) {
        StringBuilder all = new StringBuilder();
        all.append(status.pair()).append('\n');
        all.append(status.timeline().get(0)).append('\n'); // one that was deleted and made again is another
        all.append(status.timeline().size()).append(' ').append(status.since()).append('\n');
        add(all, Change.ofDatabase(status));
        return new Revision(hash(all.toString()));
    }

    private static void add(StringBuilder all, Map<String, String> parts) {
        parts.forEach(
                (name, value) -> all.append(name).append('=').append(value).append('\n'));
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }
}
