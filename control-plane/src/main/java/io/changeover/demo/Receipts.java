package io.changeover.demo;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What the application was told to be committed: every transaction inserts one row into {@code receipt}, and its id is
 * remembered here once the commit was acknowledged. A commit whose answer was lost is not remembered; it may be there
 * or not. Thread-safe.
 */
final class Receipts {

    private static final int BATCH = 10_000;

    private record Receipt(UUID id, String action, String server, Instant acknowledged) {

        @Override
        public String toString() {
            return id + " (" + action + "), acknowledged by " + server + " at " + acknowledged;
        }
    }

    private final int capacity;
    private final Deque<Receipt> latest = new ArrayDeque<>();

    /** Remembers up to so many, the latest. */
    Receipts(int capacity) {
        this.capacity = capacity;
    }

    synchronized void add(UUID id, String action, String server, Instant acknowledged) {
        if (latest.size() == capacity) {
            latest.removeFirst();
        }
        latest.addLast(new Receipt(id, action, server, acknowledged));
    }

    /** Says what is missing in a database; empty if nothing is. */
    Optional<String> missingOn(Connection target) throws SQLException {
        List<Receipt> remembered = copy();
        List<Receipt> missing = new ArrayList<>();
        for (int from = 0; from < remembered.size(); from += BATCH) {
            List<Receipt> batch = remembered.subList(from, Math.min(from + BATCH, remembered.size()));
            Set<UUID> absent = absent(target, batch);
            batch.stream().filter(receipt -> absent.contains(receipt.id())).forEach(missing::add);
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(missing.size() + " of the latest " + remembered.size()
                        + " acknowledged transactions are missing, first " + missing.get(0) + ", last "
                        + missing.get(missing.size() - 1));
    }

    private synchronized List<Receipt> copy() {
        return List.copyOf(latest);
    }

    private static Set<UUID> absent(Connection target, List<Receipt> receipts) throws SQLException {
        Array ids =
                target.createArrayOf("uuid", receipts.stream().map(Receipt::id).toArray());
        try (PreparedStatement statement = target.prepareStatement(
                "select id from unnest(?) id where not exists (select from public.receipt r where r.id = id.id)")) {
            statement.setArray(1, ids);
            Set<UUID> absent = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    absent.add(rows.getObject(1, UUID.class));
                }
            }
            return absent;
        }
    }
}
