package io.changeover.preflight;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of the source server once, whatever the number of databases.
 *
 * @param server what both servers are asked
 * @param walLevel the setting wal_level
 * @param maxSlots the setting max_replication_slots
 * @param slots the names of all slots
 * @param maxWalSenders the setting max_wal_senders
 * @param walSenders how many are running
 * @param keptBytes how much WAL slots may keep: -1 without a limit; empty before 13, which has none
 * @param sessions what sessions it lets in
 * @param prepared prepared transactions
 * @param open transactions of other sessions, as far as our role may see them
 */
record SourceServerFacts(
        ServerFacts server,
        String walLevel,
        int maxSlots,
        List<String> slots,
        int maxWalSenders,
        int walSenders,
        Optional<Long> keptBytes,
        SessionFacts sessions,
        List<PreparedTransaction> prepared,
        List<OpenTransaction> open) {

    SourceServerFacts {
        slots = List.copyOf(slots);
        prepared = List.copyOf(prepared);
        open = List.copyOf(open);
    }

    /** A transaction of the two-phase protocol that waits for its second phase. */
    record PreparedTransaction(String gid, String database, String owner) {}

    /** A transaction that a session has open. */
    record OpenTransaction(int pid, String user, String database, Duration age) {}
}
