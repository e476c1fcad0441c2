package io.changeover.faults;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Disks that are full, where they can be made. */
final class DiskFaults {

    private static final Duration LASTS = Duration.ofSeconds(8);
    private static final Set<Phase> SOURCE = EnumSet.of(Phase.STREAM, Phase.FENCE, Phase.DRAIN, Phase.READ_ONLY);
    private static final Set<Phase> TARGET = EnumSet.range(Phase.LOAD, Phase.VIEWS);
    private static final Set<Phase> BROKER =
            EnumSet.of(Phase.LOAD, Phase.STREAM, Phase.FENCE, Phase.DRAIN, Phase.TAKE_OVER, Phase.SESSIONS);

    private DiskFaults() {}

    static List<Fault> all() {
        if (!SmallDisk.isPossible()) {
            return List.of();
        }
        return List.of(
                tables("source", SOURCE, StackDisks::source), tables("target", TARGET, StackDisks::target), broker());
    }

    private static Fault tables(String server, Set<Phase> phases, Function<StackDisks, Optional<SmallDisk>> which) {
        return new Fault(
                server + " server: disk of the tables full for 8 s",
                phases,
                LASTS,
                (stack, migration) -> which.apply(stack.disks()).orElseThrow().fill(),
                (stack, migration) -> which.apply(stack.disks()).orElseThrow().free());
    }

    /** A broker whose disk is full ends, or is of no use: who has made room starts it again. */
    private static Fault broker() {
        return new Fault(
                "Kafka broker: disk full for 8 s, started again",
                BROKER,
                LASTS,
                (stack, migration) -> stack.disks().broker().orElseThrow().fill(),
                (stack, migration) -> {
                    stack.disks().broker().orElseThrow().free();
                    stack.broker().kill();
                    stack.broker().again();
                });
    }
}
