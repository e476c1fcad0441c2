package io.changeover.verify.live;

import io.changeover.migration.VerifiedTable;
import io.changeover.migration.VerifiedTable.Outcome;
import io.changeover.postgres.TableName;
import io.changeover.verify.live.TableVerification.Kind;
import io.changeover.verify.live.TableVerification.Mismatch;
import io.changeover.verify.live.TableVerification.State;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What is known of a table while it is verified. Its states, and what moves them:
 *
 * <ul>
 *   <li>WAITING → COMPARING when its first part is compared
 *   <li>COMPARING → SETTLING when its last one is; → LEFT_TO_COMPARISON without a key, if it does not keep still
 *   <li>SETTLING → VERIFIED or DIFFERENT, when every row that was not the same has been asked for again
 *   <li>VERIFIED ⇄ DIFFERENT as rows that change are found not to be the same, or to be again
 *   <li>each → WAITING when it was emptied or altered, or more of it changed than is kept; → UNREADABLE
 *   <li>at the start → WAITING, → VERIFIED or LEFT_TO_COMPARISON if what was stored still holds
 * </ul>
 *
 * <p>What was found last is kept until something else is: rows that differed stand in the way until they are found not
 * to.
 *
 * <p>Safe for use by several threads.
 */
final class TableTrack {

    /** More is not looked for. */
    static final int MOST_MISMATCHES = 1_000;

    /** More that is open is not kept: the table is compared anew. */
    static final int MOST_OPEN = 200_000;

    private final TableName name;
    private final OpenKeys open = new OpenKeys();
    private final Map<RowKey, Kind> mismatches = new LinkedHashMap<>();
    private final Set<RowKey> doubtful = new HashSet<>();
    private Optional<ComparedTable> shape = Optional.empty();
    private State state = State.WAITING;
    private int generation;
    private long rows;
    private long parts;
    private long changes;
    private boolean isAllCompared;
    private boolean isIncomplete;
    private boolean hasChangedSince;
    private boolean isLacking;
    private Optional<String> lsn = Optional.empty();
    private Optional<Instant> at = Optional.empty();
    private Optional<String> note = Optional.empty();
    private Optional<String> definition = Optional.empty();

    /** What was found before it had to be compared anew. */
    private VerifiedTable last;

    TableTrack(TableName name) {
        this.name = name;
        this.last = VerifiedTable.none(name, false);
    }

    /** One of which it is known what was found by another process; whether that still holds is not. */
    TableTrack(VerifiedTable found) {
        this.name = found.table();
        this.last = found;
        this.definition = found.definition();
    }

    TableName name() {
        return name;
    }

    /** How it is compared; empty before the first time. */
    synchronized Optional<ComparedTable> shape() {
        return shape;
    }

    /** It will be compared like this. Changes of it are taken note of from now on. */
    synchronized int restart(ComparedTable anew) {
        spoil(Optional.empty());
        shape = Optional.of(anew);
        return generation;
    }

    /**
     * Goes on where another process was, if what that found still holds: nothing of it may have changed but what the
     * change topic tells, from where it will be read.
     */
    synchronized boolean goOn(ComparedTable now) {
        boolean same = last.covered() && last.shape().equals(now.shape());
        if (same) {
            shape = Optional.of(now);
            state = State.valueOf(last.outcome().name());
            rows = last.rows();
            parts = last.parts();
            lsn = last.lsn();
            at = last.at();
            note = last.note();
            hasChangedSince = last.changedSince();
            isAllCompared = true;
        }
        return same;
    }

    /** It has to be compared anew; what was found stays known. */
    synchronized void spoil(String why) {
        spoil(Optional.of(why));
    }

    /** The same, and what was found says nothing any more: other rows are there. */
    synchronized void forget(String why) {
        spoil(Optional.of(why));
        last = VerifiedTable.none(name, last.mending() || last.outcome() == Outcome.DIFFERENT);
    }

    private void spoil(Optional<String> why) {
        last = found();
        if (isLacking) {
            last = VerifiedTable.none(name, true);
        }
        generation++;
        state = State.WAITING;
        open.clear();
        mismatches.clear();
        doubtful.clear();
        rows = 0;
        parts = 0;
        isAllCompared = false;
        isIncomplete = false;
        hasChangedSince = false;
        isLacking = false;
        lsn = Optional.empty();
        at = Optional.empty();
        note = why;
    }

    /** Whether what began as this generation still counts, and there is a point in going on with it. */
    synchronized boolean goesOn(int began) {
        if (generation != began || mismatches.size() >= MOST_MISMATCHES) {
            return false;
        }
        state = state == State.WAITING ? State.COMPARING : state;
        return true;
    }

    synchronized void compared(int began, SliceCheck.Found found) {
        if (generation != began) {
            return;
        }
        rows += found.rows();
        parts += found.parts();
        doubtful.addAll(found.doubtful());
        found.doubtful().forEach(open::add);
        isIncomplete = isIncomplete || !found.isComplete();
    }

    /** All parts are compared. */
    synchronized void allCompared(int began, String position, Instant now) {
        if (generation == began) {
            lsn = Optional.of(position);
            at = Optional.of(now);
            isAllCompared = true;
            settle();
        }
    }

    /** A table without a key was found the same, or not, or could not be told. */
    synchronized void told(int began, long count, State outcome, long changesThen, String position, Instant now) {
        if (generation == began) {
            hasChangedSince = changes != changesThen;
            rows = count;
            parts = 1;
            state = outcome;
            isAllCompared = true;
            lsn = Optional.of(position);
            at = Optional.of(now);
            note = Optional.of("no key: compared as a whole");
        }
    }

    /** What one side does not have: nothing is to be compared. */
    synchronized void lacks(String what) {
        state = State.DIFFERENT;
        isLacking = true;
        note = Optional.of(what);
    }

    /** Whether one side did not have it when it was looked for. */
    synchronized boolean isLacking() {
        return isLacking;
    }

    /** The whole table was compared while nobody writes. */
    synchronized void still(long count, State outcome, Instant now) {
        generation++;
        state = outcome;
        isAllCompared = true;
        doubtful.clear();
        rows = count;
        hasChangedSince = false;
        at = Optional.of(now);
        note = Optional.of("compared as a whole at the fence");
    }

    synchronized void unreadable(int began, String why) {
        if (generation == began) {
            state = State.UNREADABLE;
            note = Optional.of(why);
        }
    }

    /**
     * A row was changed on the source.
     *
     * @param offset of the record of the change topic that says so
     */
    synchronized void touched(RowKey key, long offset) {
        changes++;
        if (state != State.UNREADABLE && shape.isPresent()) {
            open.add(key, offset);
            if (open.size() > MOST_OPEN) {
                spoil("more rows changed than are kept: it is compared anew");
            }
        }
    }

    /** Something of it was changed on the source, in a table without a key. */
    synchronized void touched() {
        changes++;
        hasChangedSince = true;
    }

    /** How many changes of it were seen. */
    synchronized long changes() {
        return changes;
    }

    synchronized List<RowKey> take(int most) {
        return open.take(most);
    }

    synchronized void giveBack() {
        open.giveBack();
    }

    /** Takes what a look said. */
    synchronized void answered(RowKey key, Judgement judgement, Kind kind) {
        Judgement sure = open.answered(key, judgement);
        if (sure == Judgement.DIFFERENT && mismatches.size() < MOST_MISMATCHES) {
            mismatches.put(key, kind);
        } else if (sure == Judgement.EQUAL) {
            mismatches.remove(key);
        }
        if (sure != Judgement.SUSPECT) {
            doubtful.remove(key);
        }
        settle();
    }

    /** Has rows that differ asked for again: somebody may have mended them. */
    synchronized void askMismatchesAgain() {
        mismatches.keySet().forEach(open::add);
    }

    private void settle() {
        if (!mismatches.isEmpty()) {
            state = State.DIFFERENT;
        } else if (isAllCompared && doubtful.isEmpty() && isIncomplete) {
            spoil("more rows were on their way than could be kept: it is compared anew");
        } else if (isAllCompared) {
            state = doubtful.isEmpty() ? State.VERIFIED : State.SETTLING;
        } else if (state == State.DIFFERENT) {
            state = State.COMPARING;
        }
    }

    synchronized int open() {
        return open.size();
    }

    /** Whether a table without a key changed after it was compared. */
    synchronized boolean hasChangedSince() {
        return hasChangedSince;
    }

    synchronized State state() {
        return state;
    }

    /** The sum of its last definition in the change topic. */
    synchronized Optional<String> definition() {
        return definition;
    }

    synchronized void defined(String sum) {
        definition = Optional.of(sum);
    }

    /** Whether there is nothing more to be found, until something changes. */
    synchronized boolean isSettled() {
        return isLacking
                || state == State.UNREADABLE
                || state == State.LEFT_TO_COMPARISON
                || mismatches.size() >= MOST_MISMATCHES
                || (isAllCompared && doubtful.isEmpty());
    }

    /**
     * What there is to store.
     *
     * @param from the change topic from there on names all rows of it that are still to be asked for; if what was found
     *     is covered
     */
    record Kept(VerifiedTable found, long from) {}

    /** What is known now. */
    synchronized Kept kept() {
        OptionalLong from = open.from();
        boolean holds =
                isSettled() && from.isPresent() && (state == State.VERIFIED || state == State.LEFT_TO_COMPARISON);
        VerifiedTable found = found();
        return new Kept(holds ? found : found.uncovered(), from.orElse(0));
    }

    private VerifiedTable found() {
        if (!isSettled() && state != State.DIFFERENT) {
            return last;
        }
        return new VerifiedTable(
                name,
                Outcome.valueOf(state.name()),
                rows,
                parts,
                lsn,
                at,
                differing().stream()
                        .map(each -> new VerifiedTable.Mismatch(
                                each.key(), each.kind().name()))
                        .toList(),
                note,
                true,
                hasChangedSince,
                last.mending() && state != State.VERIFIED,
                shape.map(ComparedTable::shape).orElse(""),
                definition);
    }

    private List<Mismatch> differing() {
        return mismatches.entrySet().stream()
                .map(each -> new Mismatch(each.getKey().hash(), each.getValue()))
                .toList();
    }

    /** For people. Rows that differed do so until they are found not to. */
    synchronized TableVerification view() {
        if (!isSettled() && state != State.DIFFERENT && last.outcome() == Outcome.DIFFERENT) {
            TableVerification found = TableVerification.of(last);
            return found.withNote("found before; it is being compared anew").withOpen(open.size());
        }
        Optional<TableVerification.Earlier> earlier = isSettled() || last.outcome() == Outcome.NONE
                ? Optional.empty()
                : Optional.of(new TableVerification.Earlier(
                        State.valueOf(last.outcome().name()), last.rows(), last.lsn(), last.at()));
        return new TableVerification(
                name,
                state,
                rows,
                parts,
                lsn,
                at,
                open.size(),
                differing(),
                hasChangedSince && note.isPresent()
                        ? Optional.of(note.get() + "; changed since, the comparison after the cutover reads it again")
                        : note,
                earlier);
    }
}
