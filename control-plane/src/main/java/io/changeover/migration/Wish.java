package io.changeover.migration;

import java.util.Optional;
import java.util.Set;

/** What a person may ask of a pair, besides a cutover and loads of tables. It is stored, and then done. */
public enum Wish {
    /** Write nothing to the target: stop load and sink. The capture goes on. */
    PAUSE {
        @Override
        Optional<String> refusal(DatabaseStatus status) {
            return status.state() == DatabaseState.STOPPED ? Optional.of(NOTHING_RUNS) : notUnderWay(status);
        }
    },
    /** Stop the capture, too: from then on the source keeps its WAL. */
    STOP {
        @Override
        Optional<String> refusal(DatabaseStatus status) {
            return notUnderWay(status);
        }
    },
    /** Go on after {@link #PAUSE} or {@link #STOP}. */
    RESUME {
        @Override
        Optional<String> refusal(DatabaseStatus status) {
            return isHalted(status) || status.wish().isPresent()
                    ? Optional.empty()
                    : Optional.of("it is neither paused nor stopped");
        }
    },
    /** Give the migration up before its cutover, and remove what was made for it. */
    CANCEL {
        @Override
        Optional<String> refusal(DatabaseStatus status) {
            if (status.done().contains(Step.CUTOVER)) {
                return Optional.of("the target is the one to write to already");
            }
            return status.state() == DatabaseState.CUTTING_OVER || status.done().contains(Step.IN_SYNC)
                    ? Optional.of("the cutover is under way; it ends, or is given up, by itself")
                    : Optional.empty();
        }
    },
    /** Remove what a completed migration has left: the ledger, the topics, the source's being read-only. */
    FINISH {
        @Override
        Optional<String> refusal(DatabaseStatus status) {
            if (status.state() == DatabaseState.ROLLING_BACK
                    || status.fallback().filter(Fallback::requested).isPresent()) {
                return Optional.of("the rollback is under way; it ends, or is given up, by itself");
            }
            boolean isOver = status.state() == DatabaseState.ROLLED_BACK
                    ? status.fallback()
                            .filter(back -> back.phase() == Fallback.Phase.ENDED)
                            .isPresent()
                    : status.nextStep().isEmpty();
            return isOver ? Optional.empty() : Optional.of("it is not completed, compared and cleaned up");
        }
    };

    private static final String NOTHING_RUNS = "nothing of it runs";

    /** Why it cannot be asked for now; empty if it can. */
    abstract Optional<String> refusal(DatabaseStatus status);

    /**
     * Why a pair cannot have it now, for people; empty if it can.
     *
     * @param status of the pair
     */
    public Optional<String> refusedTo(DatabaseStatus status) {
        if (status.wish().filter(wish -> wish.isForGood() && wish != this).isPresent()) {
            return Optional.of("it is being " + (status.wish().get() == CANCEL ? "cancelled" : "finished"));
        }
        return refusal(status).map(why -> "the state is " + status.state() + ": " + why);
    }

    /**
     * Why a pair cannot have it without servers that are gone for ever; empty if it can. A cancellation that is under
     * way may be one of both servers, which does not come to its end, and a cutover is given up with it.
     *
     * @param gone at least one
     */
    public Optional<String> refusedTo(DatabaseStatus status, Set<Side> gone) {
        boolean switched = status.done().contains(Step.CUTOVER);
        return switch (this) {
            case PAUSE, STOP, RESUME -> Optional.of("only cancel and finish can do without a server");
            case CANCEL ->
                switched
                        ? Optional.of("the state is " + status.state() + ": the target is the one to write to already;"
                                + " finish it without its source")
                        : Optional.empty();
            case FINISH -> {
                if (!switched) {
                    yield Optional.of("the state is " + status.state() + ": it is not completed");
                }
                yield gone.contains(Side.TARGET)
                        ? Optional.of("the target is the one to write to: only the source can be gone")
                        : Optional.empty();
            }
        };
    }

    /** Whether nothing takes its place before it is done. */
    private boolean isForGood() {
        return this == CANCEL || this == FINISH;
    }

    private static boolean isHalted(DatabaseStatus status) {
        return status.state() == DatabaseState.PAUSED || status.state() == DatabaseState.STOPPED;
    }

    private static Optional<String> notUnderWay(DatabaseStatus status) {
        if (status.done().contains(Step.IN_SYNC)) {
            return Optional.of("the cutover has begun");
        }
        return switch (status.state()) {
            case CREATED, FAILED, CANCELLED, COMPLETED, CUTTING_OVER, ROLLING_BACK, ROLLED_BACK ->
                Optional.of(NOTHING_RUNS);
            case PREFLIGHT, SCHEMA, FULL_LOAD, CATCHING_UP, READY_TO_CUTOVER, PAUSED, STOPPED -> Optional.empty();
        };
    }
}
