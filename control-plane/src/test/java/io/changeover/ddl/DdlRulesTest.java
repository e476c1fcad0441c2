package io.changeover.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.changeover.contract.ColumnDefinition;
import io.changeover.contract.ColumnDefinition.Earlier;
import io.changeover.contract.TableDefinition;
import io.changeover.ddl.DdlChange.Kind;
import io.changeover.definition.AcceptedDefinition;
import io.changeover.postgres.TableName;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is told of two catalogs and of what the target's rows are of. */
class DdlRulesTest {

    private static final TableName T = new TableName("public", "t");
    private static final TableName U = new TableName("public", "u");
    private static final ColumnDefinition ID = column(1, "id");
    private static final ColumnDefinition V = column(2, "v");

    private final Map<TableName, TableDefinition> source = new HashMap<>();
    private final Map<TableName, TableDefinition> target = new HashMap<>();
    private final Map<TableName, AcceptedDefinition> accepted = new HashMap<>();
    private final Map<TableName, TableName> parents = new HashMap<>();
    private final Map<TableName, List<DdlStatement>> statements = new HashMap<>();
    private final Set<TableName> candidates = new HashSet<>();

    @Test
    void nothingIsToldWhereNothingDiffers() {
        migrated(T, 1);
        assertThat(changes(true)).isEmpty();
    }

    @Test
    void aNewColumnOfAPartitionIsOfferedForTheTopmostTableWithWhoDidIt() {
        migrated(T, 1);
        parents.put(T, U);
        source.put(T, table(T, 1, ID, V, column(3, "c")));
        DdlStatement of =
                new DdlStatement(7, 70, Instant.EPOCH, "alice", "psql", "ALTER TABLE", "alter table u add c text");
        statements.put(U, List.of(of));

        assertThat(changes(true)).singleElement().satisfies(change -> {
            assertThat(change.kind()).isEqualTo(Kind.ALTERED);
            assertThat(change.offered()).isTrue();
            assertThat(change.blocks()).isTrue();
            assertThat(change.onTarget()).isEqualTo(U);
            assertThat(change.statements()).containsExactly("alter table \"public\".\"u\" add column \"c\" text");
            assertThat(change.sentence())
                    .endsWith("On the source: alter table u add c text (by alice in psql at 1970-01-01T00:00:00Z)");
        });
    }

    @Test
    void aRenameIsNotOfferedAndADroppedColumnDoesNotBlock() {
        migrated(T, 1);
        source.put(T, table(T, 1, ID, column(2, "w")));
        migrated(U, 2);
        source.put(U, table(U, 2, ID));
        assertThat(changes(true))
                .extracting(DdlChange::table, DdlChange::kind, DdlChange::offered, DdlChange::blocks)
                .containsExactly(tuple(T, Kind.ALTERED, false, true), tuple(U, Kind.LEFT_OVER, false, false));

        accepted.put(U, new AcceptedDefinition(U, 2, 12, List.of(kept(1, "id", false), kept(2, "v", true))));
        assertThat(changes(true).get(1))
                .extracting(DdlChange::kind, DdlChange::blocks)
                .containsExactly(Kind.LEFT_OVER, false);
    }

    @Test
    void whatTheTargetDidOnItsOwnBlocks() {
        migrated(T, 1);
        target.put(T, table(T, 11, ID, column(2, "w")));
        assertThat(changes(true)).singleElement().satisfies(change -> {
            assertThat(change.kind()).isEqualTo(Kind.ALTERED_ON_TARGET);
            assertThat(change.statements())
                    .containsExactly("alter table \"public\".\"t\" rename column \"w\" to \"v\"");
        });

        target.put(T, table(T, 99, ID, V));
        assertThat(changes(true)).singleElement().satisfies(change -> {
            assertThat(change.kind()).isEqualTo(Kind.ALTERED_ON_TARGET);
            assertThat(change.words()).contains("is not the table that has had its rows");
        });

        target.remove(T);
        assertThat(changes(true)).extracting(DdlChange::kind).containsExactly(Kind.GONE_ON_TARGET);
    }

    @Test
    void aTableThatIsNewIsOfferedWhereItCanBeMadeOrIsThere() {
        candidates.add(T);
        assertThat(changes(true))
                .extracting(DdlChange::kind, DdlChange::offered)
                .containsExactly(tuple(Kind.NEW_TABLE, true));
        assertThat(changes(false)).extracting(DdlChange::offered).containsExactly(false);
        parents.put(T, U);
        target.put(T, table(T, 11, ID));
        assertThat(changes(false))
                .extracting(DdlChange::kind, DdlChange::offered)
                .containsExactly(tuple(Kind.NEW_PARTITION, true));
    }

    @Test
    void aTableUnderAnotherNameIsToldUntilTheTargetHasItToo() {
        migrated(T, 1);
        source.remove(T);
        source.put(U, table(U, 1, ID, V));
        assertThat(changes(true)).extracting(DdlChange::table, DdlChange::kind).containsExactly(tuple(U, Kind.RENAMED));

        target.put(U, table(U, 11, ID, V));
        target.remove(T);
        assertThat(changes(true)).isEmpty();
    }

    @Test
    void twoTablesThatSwapNamesAreTold() {
        migrated(T, 1);
        migrated(U, 2);
        source.put(T, table(T, 2, ID, V));
        source.put(U, table(U, 1, ID, V));
        assertThat(changes(true)).hasSize(2).allSatisfy(change -> {
            assertThat(change.kind()).isEqualTo(Kind.ALTERED);
            assertThat(change.offered()).isFalse();
            assertThat(change.words()).contains("it is the table that was called");
        });
    }

    @Test
    void aDroppedTableIsLeftOver() {
        migrated(T, 1);
        source.remove(T);
        assertThat(changes(true))
                .extracting(DdlChange::kind, DdlChange::blocks)
                .containsExactly(tuple(Kind.GONE_ON_SOURCE, false));
        target.remove(T);
        assertThat(changes(true)).isEmpty();
    }

    private List<DdlChange> changes(boolean copies) {
        return DdlRules.changes(
                new DdlFacts(source.keySet(), candidates, parents, source, target, accepted, statements, copies));
    }

    private void migrated(TableName name, long oid) {
        source.put(name, table(name, oid, ID, V));
        target.put(name, table(name, oid + 10, ID, V));
        accepted.put(
                name, new AcceptedDefinition(name, oid, oid + 10, List.of(kept(1, "id", false), kept(2, "v", false))));
    }

    private static AcceptedDefinition.Column kept(int number, String name, boolean dropped) {
        return new AcceptedDefinition.Column(number, name, "text", number, dropped);
    }

    private static TableDefinition table(TableName name, long oid, ColumnDefinition... columns) {
        return new TableDefinition(name, oid, Arrays.asList(columns));
    }

    private static ColumnDefinition column(int number, String name) {
        return new ColumnDefinition(number, name, "text", false, Earlier.NULL, "");
    }
}
