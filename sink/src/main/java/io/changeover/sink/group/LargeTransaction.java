package io.changeover.sink.group;

import io.changeover.contract.ChangeEvent;
import java.util.Optional;

/**
 * A source transaction of which pieces are handed out. Not thread-safe.
 *
 * <p>States: under way; ended by {@link #end}; void after {@link #abandon()}, when it was cut off.
 */
final class LargeTransaction {

    private enum State {
        UNDER_WAY,
        ENDED,
        VOID
    }

    private final Origin origin;
    private State state = State.UNDER_WAY;
    private Changes held;
    private Optional<SourceTransaction> rest = Optional.empty();

    LargeTransaction(Origin origin, Changes first) {
        this.origin = origin;
        this.held = first;
    }

    boolean isUnderWay() {
        return state == State.UNDER_WAY;
    }

    /** What was taken and not handed out. */
    Changes held() {
        return held;
    }

    void add(ChangeEvent change) {
        held.add(change);
    }

    void end(ChangeEvent.End end, long nextOffset) {
        state = State.ENDED;
        rest = Optional.of(new SourceTransaction(held.events(), end, nextOffset));
    }

    void abandon() {
        state = State.VOID;
        held = new Changes();
    }

    /** What to hand out next; with the last step, nothing is left of it. */
    Optional<Step> next() {
        return switch (state) {
            case UNDER_WAY -> piece();
            case ENDED -> rest.map(LastPiece::new);
            case VOID -> Optional.of(new Abandoned());
        };
    }

    private Optional<Step> piece() {
        if (held.count() == 0) {
            return Optional.empty();
        }
        Piece piece = new Piece(origin, held.events());
        held = new Changes();
        return Optional.of(piece);
    }
}
