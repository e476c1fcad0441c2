package io.changeover.fault;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A place just before or just after something is written that has to survive. Where the program says
 * {@code CrashPoint.SINK_BEFORE_COMMIT.hit()} nothing happens, unless the JVM was started with
 * {@code -Dchangeover.crash=sink.before-commit}: then it is gone there as after {@code kill -9}, or with
 * {@code sink.before-commit:3} at the third time it comes by. Thread-safe.
 *
 * <p>A name begins with the part of the program that it lies in. For every part there is a test that kills a JVM at
 * each of its points and fails if one is not reached.
 */
public enum CrashPoint {
    /** The slot is about to be made. */
    CAPTURE_BEFORE_SLOT,
    /** It is there, and Connect has no offset for it. */
    CAPTURE_AFTER_SLOT,
    /** All rows of a table are written, and that it is loaded, and nothing of it is committed. */
    LOAD_BEFORE_TABLE,
    LOAD_AFTER_TABLE,
    /** A table is divided, and nobody else knows. */
    LOAD_BEFORE_PARTS,
    LOAD_AFTER_PARTS,
    LOAD_BEFORE_PART,
    LOAD_AFTER_PART,
    /** A table whose snapshot is lost is empty again, and its parts are forgotten, and that is not committed. */
    LOAD_BEFORE_AGAIN,
    LOAD_AFTER_AGAIN,
    /** As a table's, of one that came through a topic. */
    LOAD_BEFORE_ARRIVED,
    LOAD_AFTER_ARRIVED,
    /** The ledger's tables are made and not committed. */
    SINK_BEFORE_LEDGER,
    SINK_AFTER_LEDGER,
    /** The epoch is raised and not committed. */
    SINK_BEFORE_OPEN,
    SINK_AFTER_OPEN,
    /** Nothing of a group, or of the last piece of a large transaction, is written. */
    SINK_BEFORE_ROWS,
    SINK_AFTER_ROWS,
    SINK_AFTER_MARKERS,
    /** All is written but counters and position, which go with the commit. */
    SINK_BEFORE_COMMIT,
    /** Committed, and nobody here has noticed. */
    SINK_AFTER_COMMIT,
    SINK_BEFORE_PIECE,
    SINK_AFTER_PIECE,
    /** The change before which the stream stops is in the quarantine, and not committed. */
    QUARANTINE_BEFORE_STOPPED,
    QUARANTINE_AFTER_STOPPED,
    /** Tables that are set aside, and how much they lack, are written and not committed. */
    QUARANTINE_BEFORE_COMMIT,
    /** The target fits another definition of the source, and that is not recorded. */
    DEFINITION_BEFORE_RECORD,
    /** It is recorded, no row of it is written, and nothing of that is committed. */
    DEFINITION_AFTER_RECORD,
    /** A table is empty and in the queue of loads again, and nothing of that is committed. */
    RELOAD_BEFORE_BEGIN,
    RELOAD_AFTER_BEGIN,
    /** A copy is there; the stream has not gone back for it. */
    RELOAD_BEFORE_REPLAY,
    RELOAD_AFTER_REPLAY,
    /** The stream is where it was, and does not know that it is not read again any more. */
    RELOAD_BEFORE_END,
    RELOAD_AFTER_END,
    /** Something to set aside is recorded, and neither altered nor committed. */
    GUARD_BEFORE_CHANGE,
    GUARD_AFTER_CHANGE,
    /** It is set aside, and the next is not. */
    GUARD_AFTER_COMMIT,
    /** Nothing is put back. */
    GUARD_BEFORE_RESTORE,
    /** Everything is put back and not committed. */
    GUARD_AFTER_RESTORE,
    /** A foreign key is back, and not validated. */
    GUARD_BEFORE_VALIDATE,
    GUARD_AFTER_VALIDATE,
    /** The way is open, and nothing is fenced. */
    CUTOVER_BEFORE_FENCE,
    CUTOVER_AFTER_FENCE,
    /** A marker is in the source's WAL, for the first time before the fence and then behind it. */
    CUTOVER_AFTER_MARKER,
    CUTOVER_AFTER_DRAIN,
    CUTOVER_AFTER_SEQUENCES,
    /** Triggers are back and the stream is taken, and nothing of it is committed. */
    CUTOVER_BEFORE_TAKE_OVER,
    CUTOVER_AFTER_TAKE_OVER,
    CUTOVER_AFTER_VIEWS,
    CUTOVER_AFTER_SNAPSHOTS,
    /** New sessions of the source are read-only, and the old ones are not ended. */
    CUTOVER_AFTER_READ_ONLY,
    CUTOVER_AFTER_LASTING,
    /** All is done, and nobody knows. */
    CUTOVER_BEFORE_RECORD,
    /** The target is the one to write to, and the source's locks are held. */
    CUTOVER_AFTER_RECORD,
    CUTOVER_AFTER_UNLOCK,
    /** Something of the way back is made, and nothing is fenced. */
    FALLBACK_AFTER_LEDGER,
    FALLBACK_AFTER_PUBLICATION,
    FALLBACK_AFTER_CAPTURE,
    /** The marker of the way back is written on the target, and not committed. */
    FALLBACK_AFTER_MARKER,
    /** The target is open, and the old source does not follow it yet. */
    FALLBACK_AFTER_POSITION,
    FALLBACK_AFTER_GUARD,
    FALLBACK_AFTER_SINK,
    /** As in the cutover, with the sides exchanged. */
    ROLLBACK_BEFORE_FENCE,
    ROLLBACK_AFTER_FENCE,
    ROLLBACK_AFTER_MARKER,
    ROLLBACK_AFTER_DRAIN,
    ROLLBACK_AFTER_SEQUENCES,
    ROLLBACK_BEFORE_TAKE_OVER,
    ROLLBACK_AFTER_TAKE_OVER,
    ROLLBACK_AFTER_VIEWS,
    ROLLBACK_AFTER_SNAPSHOTS,
    ROLLBACK_AFTER_READ_ONLY,
    ROLLBACK_AFTER_LASTING,
    ROLLBACK_BEFORE_RECORD,
    /** The old source is the one to write to, and nobody can write to either side. */
    ROLLBACK_AFTER_RECORD,
    /** It can be written to, and the target's locks are held. */
    ROLLBACK_AFTER_OPEN,
    ROLLBACK_AFTER_UNLOCK;

    /** The system property that says where to end. */
    public static final String PROPERTY = "changeover.crash";

    /** The exit status of a JVM that ended here: that of a process ended by SIGKILL. */
    public static final int STATUS = 137;

    private static final Optional<Armed> ARMED =
            Optional.ofNullable(System.getProperty(PROPERTY)).map(CrashPoint::parse);

    /** Ends the JVM if this is the place and the time. */
    public void hit() {
        if (ARMED.isPresent() && ARMED.get().isDue(this)) {
            Runtime.getRuntime().halt(STATUS);
        }
    }

    /** The same place in a rollback, which is a cutover with its sides exchanged. */
    public CrashPoint inRollback() {
        return valueOf(name().replaceFirst("^CUTOVER_", "ROLLBACK_"));
    }

    /** As in the system property: {@code sink.before-commit}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replaceFirst("_", ".").replace('_', '-');
    }

    /** The part of the program: {@code sink}. */
    public String part() {
        return id().substring(0, id().indexOf('.'));
    }

    static Armed parse(String setting) {
        String[] parts = setting.split(":", 2);
        CrashPoint point = Arrays.stream(values())
                .filter(each -> each.id().equals(parts[0]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(PROPERTY + " names no crash point: " + setting));
        return new Armed(point, parts.length == 2 ? Integer.parseInt(parts[1]) : 1);
    }

    /** Where and when. */
    static final class Armed {

        private final CrashPoint point;
        private int left;

        Armed(CrashPoint point, int time) {
            this.point = point;
            this.left = time;
        }

        synchronized boolean isDue(CrashPoint reached) {
            return reached == point && --left == 0;
        }
    }
}
