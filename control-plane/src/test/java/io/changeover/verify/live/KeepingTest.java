package io.changeover.verify.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.migration.VerificationChange;
import io.changeover.migration.VerificationChange.Event;
import io.changeover.migration.VerificationResult;
import io.changeover.migration.VerificationRun;
import io.changeover.migration.VerifiedTable;
import io.changeover.migration.VerifiedTable.Outcome;
import io.changeover.postgres.TableName;
import io.changeover.verify.live.TableVerification.Kind;
import io.changeover.verify.live.TableVerification.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A verification whose process dies at any write, just before it or just after it, goes on in another one. The source
 * is written to all the time, and the sink loses changes now and then: whatever it has lost is known in the end.
 */
class KeepingTest {

    private static final TableName TABLE = new TableName("public", "t");
    private static final int SEEDS = 3_000;

    @Test
    void whatTheSinkLostIsNeverCalledVerifiedWhereverTheProcessDies() {
        Map<State, Integer> ends = new EnumMap<>(State.class);
        int wentOn = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            World world = new World(new Random(seed));
            world.run();
            world.settle();
            ends.merge(world.plane.track.state(), 1, Integer::sum);
            wentOn += world.wentOn;
            assertThat(world.isHidden()).as("seed " + seed).isFalse();
            assertAlternate(world.memory.events, seed);
        }
        assertThat(ends.getOrDefault(State.VERIFIED, 0)).as(ends.toString()).isGreaterThan(SEEDS / 10);
        assertThat(ends.getOrDefault(State.DIFFERENT, 0)).as(ends.toString()).isGreaterThan(SEEDS / 50);
        assertThat(wentOn).isGreaterThan(SEEDS / 2);
    }

    /** Each is told once: it is stored with what it tells of. */
    private static void assertAlternate(List<Event> events, int seed) {
        List<String> told = events.stream()
                .filter(event -> event.about().equals(TABLE.toString()))
                .map(event -> event.after().substring(0, event.after().indexOf(':')))
                .toList();
        for (int i = 0; i < told.size(); i++) {
            assertThat(told.get(i)).as("seed " + seed + " " + told).isEqualTo(i % 2 == 0 ? "DIFFERENT" : "VERIFIED");
        }
    }

    @Test
    void rowsThatDifferedStandInTheWayUntilTheyAreFoundNotTo() {
        VerifiedTable found = new VerifiedTable(
                TABLE,
                Outcome.DIFFERENT,
                9,
                1,
                Optional.of("0/9"),
                Optional.of(Instant.EPOCH),
                List.of(new VerifiedTable.Mismatch("00ff", "MISSING")),
                Optional.empty(),
                true,
                false,
                false,
                "shape",
                Optional.empty());
        TableTrack track = new TableTrack(found);
        assertThat(track.state()).isEqualTo(State.WAITING);
        assertThat(track.view().state()).isEqualTo(State.DIFFERENT);
        assertThat(Problems.differences("m/d", List.of(track.view()))).hasSize(1);

        int generation = track.restart(shape("shape"));
        assertThat(track.goesOn(generation)).isTrue();
        assertThat(track.view().state()).as("while it is compared").isEqualTo(State.DIFFERENT);
        track.compared(generation, new SliceCheck.Found(9, 1, List.of(), true));
        track.allCompared(generation, "0/10", Instant.EPOCH);
        assertThat(track.view().state()).isEqualTo(State.VERIFIED);
        assertThat(track.view().lsn()).contains("0/10");
    }

    @Test
    void whatIsLoadedAgainIsNotKnownAnyMore() {
        World world = new World(new Random(1));
        world.compare(0);
        world.plane.keep();
        assertThat(world.memory.tables.get(TABLE).covered()).isTrue();

        world.plane.track.forget("loaded again");
        world.plane.keep();

        assertThat(world.memory.tables.get(TABLE).outcome()).isEqualTo(Outcome.NONE);
        world.restart();
        assertThat(world.plane.track.view().state()).isEqualTo(State.WAITING);
    }

    @Test
    void whatWasFoundOfAnotherShapeIsComparedAnewAndShown() {
        World world = new World(new Random(1));
        world.compare(0);
        world.plane.keep();
        TableTrack track = new TableTrack(world.memory.tables.get(TABLE));

        assertThat(track.goOn(shape("altered"))).isFalse();

        assertThat(track.view().state()).isEqualTo(State.WAITING);
        assertThat(track.view().earlier().orElseThrow().state()).isEqualTo(State.VERIFIED);
        assertThat(track.goOn(shape("shape"))).isTrue();
        assertThat(track.view().state()).isEqualTo(State.VERIFIED);
    }

    @Test
    void theNextOneIsDueWhenTheLastHasEndedForLongEnough() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        Duration every = Duration.ofHours(6);
        assertThat(VerificationRun.NONE.isDue(every, now)).isTrue();
        VerificationRun run = VerificationRun.NONE.begun(now, "alice");
        assertThat(run.isDue(every, now.plus(every))).isFalse();
        assertThat(run.isDue(every, now.plus(every).plusSeconds(1))).isTrue();
        VerificationRun over = run.over(now.plusSeconds(3600));
        assertThat(over.isDue(every, now.plus(every).plusSeconds(3600))).isFalse();
        assertThat(over.isDue(every, now.plus(every).plusSeconds(3601))).isTrue();
    }

    private static ComparedTable shape(String shape) {
        TableSql sql = new TableSql(
                TABLE, List.of("k", "v"), List.of(new TableSql.KeyColumn("k", "int")), true, Hashing.SERVER);
        return new ComparedTable(TABLE, sql, sql, Set.of("k", "v"), 1, 1, shape, Optional.empty());
    }

    /** It is gone: after {@code kill -9} nothing runs any more. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static final class Memorized implements Memory {

        private final Random random;
        private final Map<TableName, VerifiedTable> tables = new TreeMap<>();
        private final List<Event> events = new ArrayList<>();
        private VerificationRun run = VerificationRun.NONE;
        private int dies;

        Memorized(Random random) {
            this.random = random;
        }

        @Override
        public VerificationResult remembered() {
            return new VerificationResult(run, List.copyOf(tables.values()));
        }

        @Override
        public void keep(VerificationChange change) {
            boolean dying = dies > 0 && random.nextInt(dies) == 0;
            if (dying && random.nextBoolean()) {
                throw new Killed();
            }
            change.tables().forEach(table -> tables.put(table.table(), table));
            change.gone().forEach(tables::remove);
            events.addAll(change.events());
            run = change.run();
            if (dying) {
                throw new Killed();
            }
        }
    }

    private static final class Later extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            now = now.plusSeconds(20);
            return now;
        }
    }

    /** A control plane. */
    private static final class Plane {
        private final TableTrack track;
        private final Keeping keeping;
        private int next;

        Plane(TableTrack track, Keeping keeping, int next) {
            this.track = track;
            this.keeping = keeping;
            this.next = next;
        }

        void keep() {
            keeping.keep(new Keeping.Scene(List.of(track), next, Optional.of("topic")));
        }
    }

    /** A table of a few rows with few values, a topic of its changes, and a sink. */
    private static final class World {

        private static final int KEYS = 4;
        private static final int VALUES = 3;

        /** One change of so many. */
        private static final int LOSES = 12;

        private record Change(int key, int value) {}

        private final Random random;
        private final Memorized memory;
        private final Clock clock = new Later();
        private final int[] source = new int[KEYS];
        private final int[] versions = new int[KEYS];
        private final int[] target = new int[KEYS];
        private final List<Change> topic = new ArrayList<>();
        private int applied;
        private int wentOn;
        private Plane plane;

        World(Random random) {
            this.random = random;
            this.memory = new Memorized(random);
            this.plane = start();
        }

        private Plane start() {
            VerificationResult found = memory.remembered();
            Keeping keeping = new Keeping(memory, clock);
            TableTrack track = found.tables().isEmpty()
                    ? new TableTrack(TABLE)
                    : new TableTrack(found.tables().get(0));
            int next = applied;
            if (keeping.run().seen().isPresent()) {
                wentOn += track.goOn(shape("shape")) ? 1 : 0;
                keeping.goOn(Set.of(TABLE));
                next = (int) Math.min(applied, keeping.run().seen().get().offset());
            }
            return new Plane(track, keeping, next);
        }

        void restart() {
            plane = start();
        }

        void run() {
            memory.dies = 4;
            for (int step = 0; step < 60; step++) {
                try {
                    step();
                } catch (Killed e) {
                    restart();
                }
            }
            memory.dies = 0;
        }

        private void step() {
            switch (random.nextInt(7)) {
                case 0, 1 -> write();
                case 2 -> apply();
                case 3 -> read();
                case 4 -> ask();
                case 5 -> plane.keep();
                default -> {
                    if (random.nextInt(3) == 0) {
                        compare(random.nextInt(4));
                    }
                }
            }
        }

        private void write() {
            int key = random.nextInt(KEYS);
            source[key] = random.nextInt(VALUES);
            versions[key]++;
            topic.add(new Change(key, source[key]));
        }

        private void apply() {
            if (applied < topic.size()) {
                Change change = topic.get(applied++);
                if (random.nextInt(LOSES) != 0) {
                    target[change.key()] = change.value();
                }
            }
        }

        private void read() {
            if (plane.next < topic.size()) {
                plane.track.touched(key(topic.get(plane.next).key()), plane.next);
                plane.next++;
            }
        }

        private static RowKey key(int number) {
            return new RowKey(List.of(String.valueOf(number)));
        }

        /** As a pass does; the two sides are not read at the same moment. */
        void compare(int meanwhile) {
            int generation = plane.track.restart(shape("shape"));
            plane.next = Math.min(plane.next, applied);
            plane.keeping.began(new Course("somebody", true, Set.of(TABLE)));
            int[] there = source.clone();
            for (int i = 0; i < meanwhile; i++) {
                write();
                apply();
            }
            List<RowKey> doubtful = new ArrayList<>();
            for (int key = 0; key < KEYS; key++) {
                if (there[key] != target[key]) {
                    doubtful.add(key(key));
                }
            }
            if (plane.track.goesOn(generation)) {
                plane.track.compared(generation, new SliceCheck.Found(KEYS, 1, doubtful, true));
                plane.track.allCompared(generation, "0/1", clock.instant());
            }
        }

        /** As a round does: source, a mark behind everything, target, source. */
        private void ask() {
            List<RowKey> keys = plane.track.take(1 + random.nextInt(KEYS));
            int[] before = source.clone();
            int[] version = versions.clone();
            int mark = topic.size();
            while (applied < mark) {
                apply();
            }
            if (random.nextInt(3) == 0) {
                write();
            }
            int[] there = target.clone();
            if (random.nextInt(4) == 0) {
                plane.track.giveBack(); // the source did not answer
                return;
            }
            for (RowKey each : keys) {
                int key = Integer.parseInt(each.values().get(0));
                boolean equal = there[key] == before[key] || there[key] == source[key];
                boolean moves = version[key] != versions[key];
                plane.track.answered(
                        each, equal ? Judgement.EQUAL : moves ? Judgement.MOVING : Judgement.DIFFERENT, Kind.CONTENTS);
            }
        }

        /** Nobody writes any more, and everything is applied, seen and asked for. */
        void settle() {
            restart();
            while (applied < topic.size()) {
                apply();
            }
            while (plane.next < topic.size()) {
                read();
            }
            for (int i = 0; i < 100 && plane.track.open() > 0; i++) {
                ask();
                while (plane.next < topic.size() || applied < topic.size()) {
                    apply();
                    read();
                }
            }
        }

        /** Whether a row differs that nobody knows of. */
        boolean isHidden() {
            boolean differs = false;
            for (int key = 0; key < KEYS; key++) {
                differs |= source[key] != target[key];
            }
            return differs && plane.track.view().state() == State.VERIFIED;
        }
    }
}
