package io.changeover.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Something that fails, and how it is good again.
 *
 * @param name for people
 * @param phases in which it is tried
 * @param lasts from one to the other
 */
record Fault(
        String name,
        Set<Phase> phases,
        Duration lasts,
        BiConsumer<FaultStack, FaultyMigration> strike,
        BiConsumer<FaultStack, FaultyMigration> mend) {

    private static final Set<Phase> ALL = EnumSet.allOf(Phase.class);
    private static final Set<Phase> FREEZE = EnumSet.range(Phase.FENCE, Phase.COMPLETED);
    private static final Set<Phase> FLOW = EnumSet.of(Phase.STREAM, Phase.DRAIN, Phase.TAKE_OVER);
    private static final Set<Phase> CONNECTORS = EnumSet.of(Phase.LOAD, Phase.STREAM, Phase.COMPLETED);
    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final Duration LONG = Duration.ofSeconds(14);

    /** All of them, those of processes first. */
    static List<Fault> all() {
        List<Fault> all = new ArrayList<>();
        part(all, "control plane", ALL, FaultStack::plane);
        part(all, "Connect worker", ALL, FaultStack::worker);
        part(all, "Kafka broker", ALL, FaultStack::broker);
        server(all, "source", true);
        server(all, "target", false);
        for (Trouble trouble : List.of(Trouble.CUT, Trouble.SWALLOWED)) {
            Duration lasts = trouble == Trouble.CUT ? SHORT : LONG;
            link(all, "control plane → source", trouble, lasts, FREEZE, true, "changeover-");
            link(all, "control plane → target", trouble, lasts, FREEZE, false, "changeover-");
            link(all, "capture → source", trouble, lasts, FLOW, true, "changeover-capture", "Debezium");
            link(all, "sink → target", trouble, lasts, FLOW, false, "changeover sink");
            link(all, "load → source", trouble, lasts, EnumSet.of(Phase.LOAD), true, "changeover-load");
            link(all, "load → target", trouble, lasts, EnumSet.of(Phase.LOAD), false, "changeover-load");
            connect(all, trouble, lasts);
        }
        for (Trouble trouble : List.of(Trouble.STALLED, Trouble.HALF_CLOSED, Trouble.SLOW, Trouble.NARROW)) {
            link(all, "all → source", trouble, SHORT, EnumSet.of(Phase.LOAD, Phase.STREAM, Phase.DRAIN), true, "");
            link(all, "all → target", trouble, SHORT, EnumSet.of(Phase.STREAM, Phase.DRAIN), false, "");
        }
        all.addAll(DiskFaults.all());
        return List.copyOf(all);
    }

    /** Strikes, and is mended when its time is over. */
    void happen(FaultStack stack, FaultyMigration migration, CompletableFuture<Void> mended) {
        strike.accept(stack, migration);
        CompletableFuture.delayedExecutor(lasts.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    try {
                        mend.accept(stack, migration);
                        mended.complete(null);
                    } catch (RuntimeException e) {
                        mended.completeExceptionally(e);
                    }
                });
    }

    /** Finds a process in a stack. */
    @FunctionalInterface
    private interface Which {
        Part of(FaultStack stack);
    }

    private static void part(List<Fault> all, String name, Set<Phase> phases, Which which) {
        all.add(new Fault(
                name + ": kill -9, started again",
                phases,
                Duration.ofSeconds(1),
                (stack, migration) -> which.of(stack).kill(),
                (stack, migration) -> which.of(stack).again()));
        all.add(new Fault(
                name + ": stopped for 8 s",
                phases,
                Duration.ofSeconds(8),
                (stack, migration) -> which.of(stack).suspend(),
                (stack, migration) -> which.of(stack).resume()));
    }

    private static void server(List<Fault> all, String name, boolean source) {
        all.add(new Fault(
                name + " server: kill -9, started again",
                ALL,
                Duration.ofSeconds(1),
                (stack, migration) -> (source
                                ? stack.servers().sourceServer()
                                : stack.servers().targetServer())
                        .kill(),
                (stack, migration) -> (source
                                ? stack.servers().sourceServer()
                                : stack.servers().targetServer())
                        .start()));
        all.add(new Fault(
                name + " server: stopped for 8 s",
                ALL,
                Duration.ofSeconds(8),
                (stack, migration) -> (source
                                ? stack.servers().sourceServer()
                                : stack.servers().targetServer())
                        .suspend(),
                (stack, migration) -> (source
                                ? stack.servers().sourceServer()
                                : stack.servers().targetServer())
                        .resume()));
    }

    private static void link(
            List<Fault> all,
            String name,
            Trouble trouble,
            Duration lasts,
            Set<Phase> phases,
            boolean source,
            String... applications) {
        all.add(new Fault(
                name + ": " + words(trouble, lasts),
                phases,
                lasts,
                (stack, migration) ->
                        (source ? migration.source() : migration.target()).is(trouble, Link.of(applications)),
                (stack, migration) -> (source ? migration.source() : migration.target()).mend()));
    }

    private static void connect(List<Fault> all, Trouble trouble, Duration lasts) {
        all.add(new Fault(
                "control plane → Connect: " + words(trouble, lasts),
                CONNECTORS,
                lasts,
                (stack, migration) -> stack.connect().is(trouble),
                (stack, migration) -> stack.connect().mend()));
    }

    private static String words(Trouble trouble, Duration lasts) {
        return trouble.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + " for " + lasts.toSeconds() + " s";
    }
}
