package io.changeover.sink.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.Tuple;
import io.changeover.postgres.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Net changes, written as sets whose rows a server takes in any order, against the changes one by one: the same rows,
 * or a refusal. A refusal is allowed where rows exchange values, which is in updates only.
 */
class SetsAgainstChangesTest {

    private static final TableName TABLE = new TableName("public", "t");

    private enum Outcome {
        DELETES_REFUSED,
        UPDATES_REFUSED,
        INSERTS_REFUSED,
        TAKEN
    }

    @Property(tries = 1500)
    void setsGiveTheSameRowsOrAreRefusedAmongTheUpdates(
            @ForAll long seed,
            @ForAll RandomChanges.Identity identity,
            @ForAll @IntRange(min = 1, max = 8) int length) {
        Random random = new Random(seed);
        ModelTable before =
                RandomChanges.of(random, identity, new ModelTable(), 8).table();
        RandomChanges source = RandomChanges.of(random, identity, before, length);
        NetChanges net = NetChanges.of(identity.key(), source.changes()).orElseThrow();

        ModelTable target = before.copy();
        Outcome outcome = write(target, net, random);

        assertThat(outcome).isIn(Outcome.TAKEN, Outcome.UPDATES_REFUSED);
        if (outcome == Outcome.TAKEN) {
            target.checkDeferred();
            assertThat(target.content()).isEqualTo(source.table().content());
        }
        ModelTable inOrder = before.copy();
        source.changes().forEach(change -> writeOne(inOrder, identity, change));
        assertThat(inOrder.content()).isEqualTo(source.table().content());
    }

    /** What is new is whole: a value that was not sent with a later change is that of an earlier one. */
    @Property(tries = 300)
    void whatIsInsertedIsWholeAndEveryRowIsTouchedOnce(@ForAll long seed, @ForAll RandomChanges.Identity identity) {
        Random random = new Random(seed);
        ModelTable before =
                RandomChanges.of(random, identity, new ModelTable(), 5).table();
        NetChanges net = NetChanges.of(
                        identity.key(),
                        RandomChanges.of(random, identity, before, 8).changes())
                .orElseThrow();

        assertThat(net.inserts())
                .allSatisfy(row -> assertThat(row.names()).containsExactlyInAnyOrderElementsOf(ModelTable.COLUMNS));
        List<Tuple> touched = new ArrayList<>(net.deletes());
        net.updates().forEach(update -> touched.add(update.key()));
        assertThat(touched).doesNotHaveDuplicates();
    }

    /** As long as keys stay, what a plan says as changes is planned as itself. */
    @Property(tries = 300)
    void aPlanIsItsOwnPlan(@ForAll long seed) {
        Random random = new Random(seed);
        ModelTable before = RandomChanges.of(random, RandomChanges.Identity.KEY, new ModelTable(), 5)
                .table();
        List<String> key = RandomChanges.Identity.KEY.key();
        List<ChangeEvent> changes = RandomChanges.of(random, RandomChanges.Identity.KEY, before, 5).changes().stream()
                .filter(change -> !(change instanceof ChangeEvent.Update update) || keepsKey(update, key))
                .toList();
        Optional<NetChanges> net = NetChanges.of(key, changes);

        net.ifPresent(plan -> assertThat(NetChanges.of(key, asChanges(plan))).contains(plan));
    }

    /** The property would hold of a planner whose sets are always refused, too. */
    @Example
    void mostSetsAreTaken() {
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            RandomChanges.Identity identity = RandomChanges.Identity.values()[seed % 3];
            ModelTable before =
                    RandomChanges.of(random, identity, new ModelTable(), 8).table();
            RandomChanges source = RandomChanges.of(random, identity, before, 2);
            NetChanges net = NetChanges.of(identity.key(), source.changes()).orElseThrow();
            counts.merge(write(before.copy(), net, random), 1, Integer::sum);
        }

        assertThat(counts.get(Outcome.TAKEN)).isGreaterThan(200);
        assertThat(counts.get(Outcome.UPDATES_REFUSED)).isGreaterThan(5);
    }

    private static boolean keepsKey(ChangeEvent.Update update, List<String> key) {
        return key.stream()
                .allMatch(column -> update.after().indexOf(column) < 0
                        || String.valueOf(update.after().toMap().get(column))
                                .equals(update.before().toMap().get(column)));
    }

    private static List<ChangeEvent> asChanges(NetChanges net) {
        List<ChangeEvent> changes = new ArrayList<>();
        net.deletes().forEach(key -> changes.add(new ChangeEvent.Delete(TABLE, key)));
        net.updates().forEach(update -> changes.add(new ChangeEvent.Update(TABLE, update.key(), update.values())));
        net.inserts().forEach(row -> changes.add(new ChangeEvent.Insert(TABLE, row)));
        return changes;
    }

    private static Outcome write(ModelTable target, NetChanges net, Random random) {
        Outcome refused = Outcome.DELETES_REFUSED;
        try {
            shuffled(net.deletes(), random).forEach(key -> target.delete(key.toMap()));
            refused = Outcome.UPDATES_REFUSED;
            shuffled(net.updates(), random)
                    .forEach(update ->
                            target.update(update.key().toMap(), update.values().toMap()));
            refused = Outcome.INSERTS_REFUSED;
            shuffled(net.inserts(), random).forEach(row -> target.insert(row.toMap()));
            return Outcome.TAKEN;
        } catch (ModelTable.Violation e) {
            return refused;
        }
    }

    private static void writeOne(ModelTable target, RandomChanges.Identity identity, ChangeEvent change) {
        if (change instanceof ChangeEvent.Insert insert) {
            target.insert(insert.after().toMap());
        } else if (change instanceof ChangeEvent.Update update) {
            target.update(key(update.before(), identity), update.after().toMap());
        } else if (change instanceof ChangeEvent.Delete delete) {
            target.delete(key(delete.before(), identity));
        }
    }

    private static Map<String, String> key(Tuple old, RandomChanges.Identity identity) {
        Map<String, String> key = new java.util.LinkedHashMap<>();
        identity.key()
                .forEach(column -> key.put(column, String.valueOf(old.toMap().get(column))));
        return key;
    }

    private static <T> List<T> shuffled(List<T> list, Random random) {
        List<T> copy = new ArrayList<>(list);
        Collections.shuffle(copy, random);
        return copy;
    }
}
