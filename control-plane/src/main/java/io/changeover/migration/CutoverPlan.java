package io.changeover.migration;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is arranged for the cutover of a pair, besides that it is wanted.
 *
 * @param at when it is to begin; empty for as soon as it can
 * @param until when it is not to begin any more; empty for never
 * @param together source databases that begin together with it
 * @param armed whether it could begin, and waits for those
 * @param abortedBy who did not want it any more, and from then on it does not begin by itself
 * @param rehearse how many times it is to be rehearsed, now
 * @param rehearsal what the last rehearsal has measured
 */
public record CutoverPlan(
        Optional<Instant> at,
        Optional<Instant> until,
        List<String> together,
        boolean armed,
        Optional<String> abortedBy,
        Optional<Integer> rehearse,
        Optional<Rehearsal> rehearsal) {

    /** Nothing. */
    public static final CutoverPlan NONE = new CutoverPlan(
            Optional.empty(), Optional.empty(), List.of(), false, Optional.empty(), Optional.empty(), Optional.empty());

    public CutoverPlan {
        at = Objects.requireNonNullElse(at, Optional.empty());
        until = Objects.requireNonNullElse(until, Optional.empty());
        together = together == null ? List.of() : List.copyOf(together);
        abortedBy = Objects.requireNonNullElse(abortedBy, Optional.empty());
        rehearse = Objects.requireNonNullElse(rehearse, Optional.empty());
        rehearsal = Objects.requireNonNullElse(rehearsal, Optional.empty());
    }

    /** Why it may not begin any more; empty if it may. */
    public Optional<String> late(Instant now) {
        return until.filter(now::isAfter)
                .map(latest -> "The cutover did not begin until " + latest + " and is not wanted any more");
    }

    /** Wanted by a person, in this way. */
    public CutoverPlan wanted(Optional<Instant> from, Optional<Instant> latest, List<String> with) {
        boolean same = from.equals(at) && latest.equals(until) && with.equals(together) && abortedBy.isEmpty();
        return same ? this : new CutoverPlan(from, latest, with, false, Optional.empty(), rehearse, rehearsal);
    }

    /** Not wanted any more, by somebody; empty if it could not begin in its time, or is over. */
    public CutoverPlan withdrawn(Optional<String> who) {
        return new CutoverPlan(
                Optional.empty(), Optional.empty(), List.of(), false, who.or(() -> abortedBy), rehearse, rehearsal);
    }

    /** Able to begin, or not. */
    public CutoverPlan armed(boolean is) {
        return new CutoverPlan(at, until, together, is, abortedBy, rehearse, rehearsal);
    }

    /** To be rehearsed. */
    public CutoverPlan rehearsing(int runs) {
        return new CutoverPlan(at, until, together, armed, abortedBy, Optional.of(runs), rehearsal);
    }

    /** Rehearsed; empty if that did not work out, and the last result stays. */
    public CutoverPlan rehearsed(Optional<Rehearsal> result) {
        return new CutoverPlan(at, until, together, armed, abortedBy, Optional.empty(), result.or(() -> rehearsal));
    }
}
