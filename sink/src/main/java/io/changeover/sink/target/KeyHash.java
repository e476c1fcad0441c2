package io.changeover.sink.target;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Names a row without its values, so that whoever may read the table finds it: the sha-256, in hex, of the text of its
 * key's columns with U+001F between them. In SQL: {@code encode(sha256(convert_to(concat_ws(e'\x1f', a, b), 'UTF8')),
 * 'hex')}. Where no key is known, of all columns that are not NULL.
 */
public final class KeyHash {

    private static final String BETWEEN = "\u001f";

    private KeyHash() {}

    /** Of the row that a change is about; empty for one that is about none. */
    public static String of(Optional<TargetTable> table, ChangeEvent change) {
        return row(change).map(row -> of(table, row)).orElse("");
    }

    /** Of a row whose key is all of these columns; empty if there are none. */
    public static String of(Tuple key) {
        return key.size() == 0 ? "" : of(Optional.empty(), key);
    }

    private static Optional<Tuple> row(ChangeEvent change) {
        if (change instanceof ChangeEvent.Insert insert) {
            return Optional.of(insert.after());
        } else if (change instanceof ChangeEvent.Update update) {
            return Optional.of(update.before());
        }
        return change instanceof ChangeEvent.Delete delete ? Optional.of(delete.before()) : Optional.empty();
    }

    private static String of(Optional<TargetTable> table, Tuple row) {
        List<String> columns = table.flatMap(known -> known.keyWithin(row.names()))
                .map(UniqueKey::columns)
                .orElse(row.names());
        return sha256(columns.stream()
                .map(column -> row.value(row.indexOf(column)))
                .filter(Objects::nonNull)
                .collect(Collectors.joining(BETWEEN)));
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }
}
