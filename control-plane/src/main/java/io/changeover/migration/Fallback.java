package io.changeover.migration;

import java.util.Objects;
import java.util.Optional;

/**
 * The way back of a pair: the stream from the target to the old source, and the switch back. It is there from just
 * before the cutover on, if the migration file asks for it.
 *
 * <p>Phases, and what moves them:
 *
 * <table>
 * <caption>Transitions</caption>
 * <tr><th>from</th><th>to</th><th>when</th></tr>
 * <tr><td>(nothing)</td><td>BEGUN</td><td>a cutover begins, before anything is made for the way back</td></tr>
 * <tr><td>BEGUN</td><td>(nothing)</td><td>the cutover was given up or interrupted, and what was made is gone</td></tr>
 * <tr><td>BEGUN</td><td>ARMED</td><td>the cutover is recorded</td></tr>
 * <tr><td>ARMED</td><td>FOLLOWING</td><td>the old source's position is the marker's, and the sink is started</td></tr>
 * <tr><td>FOLLOWING</td><td>SWITCHED</td><td>the rollback is recorded</td></tr>
 * <tr><td>SWITCHED</td><td>OPEN</td><td>the old source can be written to</td></tr>
 * <tr><td>OPEN</td><td>COMPARED</td><td>both sides are compared</td></tr>
 * <tr><td>COMPARED</td><td>ENDED</td><td>connectors, slot and publication of the way back are gone</td></tr>
 * <tr><td>any from ARMED on</td><td>ENDED</td><td>the migration is finished</td></tr>
 * </table>
 *
 * @param phase where it is
 * @param requested whether a person wants the rollback
 * @param abortedBy who did not want the last rollback any more after asking for it
 * @param marker in the target's WAL: what committed behind it is applied to the old source, what lies before it came
 *     from there; empty until the cutover is recorded
 * @param rollback what the rollback did
 * @param comparison what the comparison after it found; its source is the target that was left
 */
public record Fallback(
        Phase phase,
        boolean requested,
        Optional<String> abortedBy,
        Optional<String> marker,
        Optional<CutoverResult> rollback,
        Optional<ComparisonResult> comparison) {

    public Fallback {
        abortedBy = Objects.requireNonNullElse(abortedBy, Optional.empty());
        marker = Objects.requireNonNullElse(marker, Optional.empty());
        rollback = Objects.requireNonNullElse(rollback, Optional.empty());
        comparison = Objects.requireNonNullElse(comparison, Optional.empty());
    }

    /** How far it is. The names are those of REST. */
    public enum Phase {
        /** Something of it may have been made on either side. */
        BEGUN,
        /** Every change of the target from now on is captured. */
        ARMED,
        /** They are applied to the old source. */
        FOLLOWING,
        /** The old source is the one to write to, and is being opened. */
        SWITCHED,
        /** It can be written to. */
        OPEN,
        /** Every row was compared. */
        COMPARED,
        /** Nothing of it runs any more. */
        ENDED
    }

    /** What is done next for it. */
    public enum Step {
        /** Remove what was made for a cutover that did not come about. */
        REMOVE,
        /** Start to apply what the target changes. */
        START,
        /** Fence the target, drain, switch back. */
        SWITCH,
        /** Undo what a switch back has left that did not end. */
        UNDO,
        /** Let the old source be written to. */
        OPEN,
        /** Compare every row as it was at the fence. */
        COMPARISON,
        /** Remove connectors, slot and publication. */
        CLEAN_UP,
        /** See that it goes on. */
        FOLLOW
    }

    /** One that begins. */
    public static Fallback begun() {
        return new Fallback(Phase.BEGUN, false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    Fallback moved(Phase next) {
        return new Fallback(next, false, Optional.empty(), marker, rollback, comparison);
    }

    Fallback armed(String at) {
        return new Fallback(Phase.ARMED, false, Optional.empty(), Optional.of(at), rollback, comparison);
    }

    Fallback requesting(boolean wanted) {
        return new Fallback(phase, wanted, Optional.empty(), marker, rollback, comparison);
    }

    Fallback aborted(String who) {
        return new Fallback(phase, false, abortedBy.or(() -> Optional.of(who)), marker, rollback, comparison);
    }

    Fallback switched(CutoverResult result) {
        return new Fallback(Phase.SWITCHED, false, Optional.empty(), marker, Optional.of(result), comparison);
    }

    Fallback compared(ComparisonResult result) {
        return new Fallback(Phase.COMPARED, false, Optional.empty(), marker, rollback, Optional.of(result));
    }

    /** Whether a person can ask for the way back. */
    boolean canBeRequested() {
        return phase == Phase.FOLLOWING && !requested;
    }

    /**
     * What comes before the steps of the migration itself; empty if nothing does.
     *
     * @param hindered whether it could not be started, so that the other steps do not wait for it
     */
    static Optional<Step> before(DatabaseStatus status, boolean hindered) {
        Optional<Fallback> fallback = status.fallback();
        if (fallback.isEmpty()) {
            return Optional.empty();
        }
        boolean wanted = fallback.get().requested();
        return switch (fallback.get().phase()) {
            case BEGUN ->
                status.done().contains(io.changeover.migration.Step.IN_SYNC)
                        ? Optional.empty()
                        : Optional.of(Step.REMOVE);
            case ARMED -> hindered ? Optional.empty() : Optional.of(Step.START);
            case FOLLOWING -> wanted ? Optional.of(Step.SWITCH) : Optional.empty();
            case SWITCHED -> Optional.of(Step.OPEN);
            case OPEN -> Optional.of(Step.COMPARISON);
            case COMPARED -> Optional.of(Step.CLEAN_UP);
            case ENDED -> Optional.empty();
        };
    }

    /** What is left to do when all steps of the migration are done; empty if nothing is. */
    static Optional<Step> after(DatabaseStatus status) {
        Optional<Phase> phase = status.fallback().map(Fallback::phase);
        return phase.filter(now -> now == Phase.ARMED)
                .map(now -> Step.START)
                .or(() -> phase.filter(now -> now == Phase.FOLLOWING).map(now -> Step.FOLLOW));
    }
}
