package io.changeover.lag;

import org.postgresql.replication.LogSequenceNumber;

/**
 * What is not on the target yet.
 *
 * @param changes captured and not applied, in rows
 * @param records of the change topic that are not applied
 * @param bytes of those records
 * @param walBytes of the source's WAL that are not captured
 * @param sourceLsn where the source writes
 * @param slotLsn what the slot has confirmed
 * @param capturedLsn the end of the last captured transaction
 * @param appliedLsn the end of the last applied transaction
 * @param lagMillis how long ago the source was where the target is now
 * @param flow how fast changes come and go
 */
public record Pending(
        long changes,
        long records,
        long bytes,
        long walBytes,
        LogSequenceNumber sourceLsn,
        LogSequenceNumber slotLsn,
        LogSequenceNumber capturedLsn,
        LogSequenceNumber appliedLsn,
        long lagMillis,
        Flow flow) {}
