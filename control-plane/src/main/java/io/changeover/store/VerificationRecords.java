package io.changeover.store;

import io.changeover.migration.VerificationChange;
import io.changeover.migration.VerificationResult;
import io.changeover.migration.VerificationRun;
import io.changeover.migration.VerifiedTable;
import io.changeover.migration.Way;
import io.changeover.postgres.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was verified, in memory, as the topic has it: a record for each table, so that none is large however many tables
 * there are, and one for all of them. Not thread-safe.
 */
final class VerificationRecords {

    private record Pair(String migration, String database, Way way) {}

    private static final class Kept {
        private VerificationRun run = VerificationRun.NONE;
        private final NavigableMap<TableName, VerifiedTable> tables = new TreeMap<>();
    }

    private final Map<Pair, Kept> pairs = new LinkedHashMap<>();

    /** What is known of a pair. */
    VerificationResult of(String migration, String database, Way way) {
        return Optional.ofNullable(pairs.get(new Pair(migration, database, way)))
                .map(kept -> new VerificationResult(kept.run, List.copyOf(kept.tables.values())))
                .orElse(VerificationResult.NONE);
    }

    /** What a change writes: values by key, empty where there is nothing any more. */
    static Map<VerificationKey, Optional<Object>> records(
            String migration, String database, Way way, VerificationChange change) {
        Map<VerificationKey, Optional<Object>> records = new LinkedHashMap<>();
        change.tables()
                .forEach(table -> records.put(
                        new VerificationKey(migration, database, way, Optional.of(table.table())), Optional.of(table)));
        change.gone()
                .forEach(table -> records.put(
                        new VerificationKey(migration, database, way, Optional.of(table)), Optional.empty()));
        records.put(new VerificationKey(migration, database, way, Optional.empty()), Optional.of(change.run()));
        return records;
    }

    /** The keys of all that is known of a migration. */
    List<VerificationKey> keys(String migration) {
        List<VerificationKey> keys = new ArrayList<>();
        pairs.forEach((pair, kept) -> {
            if (pair.migration().equals(migration)) {
                keys.add(new VerificationKey(pair.migration(), pair.database(), pair.way(), Optional.empty()));
                kept.tables
                        .keySet()
                        .forEach(table -> keys.add(new VerificationKey(
                                pair.migration(), pair.database(), pair.way(), Optional.of(table))));
            }
        });
        return keys;
    }

    /** Remembers what all tables of a pair share. */
    void put(VerificationKey key, VerificationRun run) {
        kept(key).run = run;
    }

    /** Remembers a table. */
    void put(VerificationKey key, VerifiedTable table) {
        kept(key).tables.put(table.table(), table);
    }

    private Kept kept(VerificationKey key) {
        return pairs.computeIfAbsent(new Pair(key.migration(), key.database(), key.way()), pair -> new Kept());
    }

    /** Forgets a table, or what all tables share. */
    void remove(VerificationKey key) {
        Pair pair = new Pair(key.migration(), key.database(), key.way());
        Kept kept = pairs.get(pair);
        if (kept == null) {
            return;
        }
        key.table().ifPresentOrElse(kept.tables::remove, () -> kept.run = VerificationRun.NONE);
        if (kept.tables.isEmpty() && kept.run.equals(VerificationRun.NONE)) {
            pairs.remove(pair);
        }
    }

    /** Remembers what was written. */
    void take(Map<VerificationKey, Optional<Object>> records) {
        records.forEach((key, value) -> {
            if (value.isPresent() && value.get() instanceof VerifiedTable table) {
                put(key, table);
            } else if (value.isPresent() && value.get() instanceof VerificationRun run) {
                put(key, run);
            } else {
                remove(key);
            }
        });
    }
}
