package io.changeover.lag;

import io.changeover.ledger.QuarantineLedger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One look at a database pair.
 *
 * @param at when
 * @param tables in order of name; empty until the load has begun
 * @param load how fast all of them come
 * @param horizon what the loaders hold back on the source
 * @param indexes of the target
 * @param transactions source transactions applied
 * @param pending empty until the sink has begun
 * @param slot empty until the capture has made it
 * @param signs what the servers' sessions show
 * @param warnings what threatens the migration, with the remedy, one sentence or two each
 * @param quarantine changes that could not be applied, in order of table
 */
public record Progress(
        Instant at,
        List<TableProgress> tables,
        LoadSpeed load,
        Horizon horizon,
        IndexProgress indexes,
        long transactions,
        Optional<Pending> pending,
        Optional<Slot> slot,
        Signs signs,
        List<String> warnings,
        List<QuarantineLedger.Entry> quarantine) {

    public Progress {
        tables = List.copyOf(tables);
        warnings = List.copyOf(warnings);
        quarantine = List.copyOf(quarantine);
    }

    /** Nothing is known yet. */
    public static Progress none(Instant at) {
        return new Progress(
                at,
                List.of(),
                LoadSpeed.NONE,
                Horizon.NONE,
                IndexProgress.NONE,
                0,
                Optional.empty(),
                Optional.empty(),
                Signs.NONE,
                List.of(),
                List.of());
    }

    /** The same with more warnings. */
    public Progress withWarnings(List<String> more) {
        List<String> all = new ArrayList<>(warnings);
        all.addAll(more);
        return more.isEmpty()
                ? this
                : new Progress(at, tables, load, horizon, indexes, transactions, pending, slot, signs, all, quarantine);
    }

    /** The same with other words for what is in the quarantine. */
    public Progress withQuarantine(List<QuarantineLedger.Entry> entries) {
        return new Progress(at, tables, load, horizon, indexes, transactions, pending, slot, signs, warnings, entries);
    }
}
