package io.changeover.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.changeover.embedded.EmbeddedKafka;
import io.changeover.kafka.KafkaClients;
import io.changeover.migration.AuditEntry;
import io.changeover.migration.AuditEntry.Cause;
import io.changeover.migration.Change;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Evidence;
import io.changeover.migration.Migration;
import io.changeover.migration.VerificationChange;
import io.changeover.migration.VerificationResult;
import io.changeover.migration.VerificationRun;
import io.changeover.migration.VerifiedTable;
import io.changeover.migration.Way;
import io.changeover.migration.Wish;
import io.changeover.postgres.TableName;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.RolesMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.SslMode;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a broker of its own: the store belongs to one control plane at a time. */
@Timeout(120)
class MigrationStoreTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Cause CREATE = new Cause("operator", "create");
    private static final DatabasePair PAIR = new DatabasePair("from", "to");

    @Test
    void whatWasChangedIsThereForTheNextAndTheOneBeforeIsFenced(@TempDir Path directory) {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory);
                MigrationStore first = MigrationStore.open(KafkaClients.plain(kafka.bootstrapServers()), CLOCK)) {
            assertThat(first.all()).isEmpty();
            assertThat(first.add(migration("b"), CREATE)).isTrue();
            assertThat(first.add(migration("a"), CREATE)).isTrue();
            assertThat(first.add(migration("a"), CREATE)).isFalse();
            Migration changed = first.update(
                    "a",
                    Cause.ITSELF,
                    before -> before.with(PAIR, status -> status.failed("no space left: ünïcode", NOW)));
            assertThatThrownBy(() -> first.update("none", Cause.ITSELF, before -> before))
                    .isInstanceOf(IllegalArgumentException.class);

            try (MigrationStore second = MigrationStore.open(KafkaClients.plain(kafka.bootstrapServers()), CLOCK)) {
                assertThat(second.all()).containsExactly(changed, migration("b"));
                assertThat(second.get("a").orElseThrow().databases())
                        .extracting(DatabaseStatus::state)
                        .containsExactly(DatabaseState.FAILED);

                assertThatThrownBy(() -> first.add(migration("c"), CREATE)).isInstanceOf(StoreFenced.class);
                assertThatThrownBy(() -> first.update(
                                "a", Cause.ITSELF, before -> before.with(PAIR, DatabaseStatus::withCutoverRequested)))
                        .isInstanceOf(StoreFenced.class);
                assertThat(first.get("a")).contains(changed);
                assertThat(second.add(migration("c"), CREATE)).isTrue();
            }
        }
    }

    /** What was done on a server is told like what is stored, and changes nothing of that. */
    @Test
    void whatWasDoneElsewhereIsKept(@TempDir Path directory) {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory);
                MigrationStore store = MigrationStore.open(KafkaClients.plain(kafka.bootstrapServers()), CLOCK)) {
            store.add(migration("a"), CREATE);
            Migration before = store.get("a").orElseThrow();
            Change change = new Change("from", "ddl public.t", "column c is new", "alter table public.t add c int");
            store.note("a", new Cause("alice", "ddl apply"), List.of(change));

            AuditEntry entry = store.audit("a").get(1);
            assertThat(entry.who()).isEqualTo("alice");
            assertThat(entry.changes()).containsExactly(change);
            try (MigrationStore next = MigrationStore.open(KafkaClients.plain(kafka.bootstrapServers()), CLOCK)) {
                assertThat(next.get("a")).contains(before);
                assertThatThrownBy(() -> store.note("a", Cause.ITSELF, List.of()))
                        .isInstanceOf(StoreFenced.class);
            }
        }
    }

    /** Every change has its entry, and none that was not stored has one. */
    @Test
    void whoChangedWhatIsKept(@TempDir Path directory) {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            MigrationStore first = MigrationStore.open(KafkaClients.plain(kafka.bootstrapServers()), CLOCK);
            try (first;
                    MigrationStore store = MigrationStore.open(KafkaClients.plain(kafka.bootstrapServers()), CLOCK)) {
                assertThatThrownBy(() -> first.add(migration("a"), CREATE)).isInstanceOf(StoreFenced.class);
                store.add(migration("a"), CREATE);
                store.add(migration("b"), CREATE);
                store.update("a", Cause.ITSELF, before -> before.with(PAIR, status -> status.failed("why", NOW)));
                store.update("a", Cause.ITSELF, before -> before);
                store.update(
                        "a",
                        new Cause("operator", "cancel"),
                        before -> before.with(PAIR, status -> status.wishing(Wish.CANCEL)));
                store.remove("a", new Cause("operator", "delete"), status -> false);
                store.remove("a", new Cause("operator", "delete"), status -> true);

                List<AuditEntry> entries = store.audit("a");
                assertThat(entries)
                        .extracting(AuditEntry::who, AuditEntry::what, AuditEntry::at, AuditEntry::migration)
                        .containsExactly(
                                tuple("operator", "create", NOW, "a"),
                                tuple("control plane", "", NOW, "a"),
                                tuple("operator", "cancel", NOW, "a"),
                                tuple("operator", "delete", NOW, "a"));
                assertThat(entries.get(0).changes())
                        .contains(new Change("from", "state", "", "CREATED"))
                        .allSatisfy(change -> assertThat(change.before()).isEmpty());
                assertThat(entries.get(1).changes())
                        .containsExactly(
                                new Change("from", "state", "CREATED", "FAILED"),
                                new Change("from", "reason", "", "why"));
                assertThat(entries.get(2).changes()).containsExactly(new Change("from", "asked", "", "CANCEL"));
                assertThat(entries.get(3).changes())
                        .contains(new Change("from", "state", "FAILED", ""))
                        .allSatisfy(change -> assertThat(change.after()).isEmpty());
                assertThat(store.get("a")).isEmpty();
                assertThat(store.audit("c")).isEmpty();
            }
            try (MigrationStore again = MigrationStore.open(KafkaClients.plain(kafka.bootstrapServers()), CLOCK)) {
                assertThat(again.all()).extracting(Migration::name).containsExactly("b");
                assertThat(again.audit("a")).hasSize(4);
            }
        }
    }

    /** What was compared, and what the ledger told of it, is stored with the migration. */
    @Test
    void storesWhatIsKeptOfManyTables(@TempDir Path directory) throws Exception {
        List<ComparisonResult.Table> compared = new ArrayList<>();
        List<Evidence.Table> loaded = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            String table = "public.a_table_with_a_name_" + i;
            String digest = new BigInteger(256, new Random(i)).toString(16);
            compared.add(new ComparisonResult.Table(
                    table, i, i, true, Optional.of(new ComparisonResult.Digests(digest, digest))));
            loaded.add(new Evidence.Table(
                    table,
                    i,
                    i,
                    Optional.of("74%d:7499%d:".formatted(i, i)),
                    Optional.of("0/" + i),
                    Optional.of(NOW),
                    i,
                    i,
                    i,
                    i));
        }
        Evidence.Ledger ledger =
                new Evidence.Ledger(NOW, "14.1", "17.1", "replica", loaded, List.of(), List.of(), Optional.empty());
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            try (MigrationStore store = MigrationStore.open(KafkaClients.plain(kafka.bootstrapServers()), CLOCK)) {
                store.add(migration("a"), new AuditEntry.Cause("operator", "create"));
                store.update(
                        "a",
                        AuditEntry.Cause.ITSELF,
                        before -> before.with(
                                PAIR,
                                status -> status.withComparison(
                                                new ComparisonResult(true, compared, List.of(), List.of(), 1))
                                        .withEvidence(evidence -> evidence.with(ledger))));
            }
            try (MigrationStore again = MigrationStore.open(KafkaClients.plain(kafka.bootstrapServers()), CLOCK)) {
                assertThat(again.get("a")
                                .orElseThrow()
                                .database("from")
                                .orElseThrow()
                                .evidence()
                                .ledger())
                        .contains(ledger);
            }
        }
    }

    /** A record for each table, so that none is large; with the migration they are gone. */
    @Test
    void whatWasVerifiedIsThereForTheNextAndGoneWithItsMigration(@TempDir Path directory) {
        List<VerifiedTable> tables = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            tables.add(verified("a_table_with_a_name_" + i, i < 3 ? 1_000 : 0));
        }
        VerificationRun run = VerificationRun.NONE
                .begun(NOW, "alice")
                .over(NOW)
                .seen(Optional.of(new VerificationRun.StreamPoint("a-topic", 77)));
        VerificationChange all = new VerificationChange(run, tables, Set.of(), List.of());
        AuditEntry entry = new AuditEntry(NOW, "a", "alice", "verify", List.of(new Change("from", "v", "", "begun")));
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            KafkaClients clients = KafkaClients.plain(kafka.bootstrapServers());
            try (MigrationStore first = MigrationStore.open(clients, CLOCK)) {
                first.verified("a", "from", Way.THERE, all, List.of(entry));
                assertThat(first.verified("a", "from", Way.THERE))
                        .as("of a migration that is not there")
                        .isEqualTo(VerificationResult.NONE);
                first.add(migration("a"), CREATE);
                first.add(migration("b"), CREATE);
                first.verified("a", "from", Way.THERE, all, List.of(entry));
                first.verified("b", "from", Way.BACK, all, List.of());
                first.verified(
                        "a",
                        "from",
                        Way.THERE,
                        new VerificationChange(
                                run, List.of(), Set.of(tables.get(4_999).table()), List.of()),
                        List.of());
                assertThat(first.audit("a")).last().isEqualTo(entry);

                try (MigrationStore second = MigrationStore.open(clients, CLOCK)) {
                    assertThat(second.verified("a", "from", Way.THERE).run()).isEqualTo(run);
                    assertThat(second.verified("a", "from", Way.THERE).tables())
                            .hasSize(4_999)
                            .contains(tables.get(0), tables.get(4_000));
                    assertThat(second.verified("a", "from", Way.BACK)).isEqualTo(VerificationResult.NONE);
                    assertThatThrownBy(() -> first.verified("a", "from", Way.THERE, all, List.of()))
                            .isInstanceOf(StoreFenced.class);
                    second.remove("a", new Cause("operator", "delete"), status -> true);
                    assertThat(second.verified("a", "from", Way.THERE)).isEqualTo(VerificationResult.NONE);
                }
            }
            try (MigrationStore third = MigrationStore.open(clients, CLOCK)) {
                assertThat(third.verified("a", "from", Way.THERE)).isEqualTo(VerificationResult.NONE);
                assertThat(third.verified("b", "from", Way.BACK).tables()).hasSize(5_000);
            }
        }
    }

    private static VerifiedTable verified(String name, int mismatches) {
        return new VerifiedTable(
                new TableName("public", name),
                mismatches == 0 ? VerifiedTable.Outcome.VERIFIED : VerifiedTable.Outcome.DIFFERENT,
                7,
                1,
                Optional.of("0/77"),
                Optional.of(NOW),
                IntStream.range(0, mismatches)
                        .mapToObj(i -> new VerifiedTable.Mismatch("%016x".formatted(i), "MISSING"))
                        .toList(),
                Optional.empty(),
                true,
                false,
                false,
                "0011223344556677",
                Optional.empty());
    }

    private static Migration migration(String name) {
        ServerSpec server = new ServerSpec("h", 1, "u", "${env:P}", SslMode.DISABLE, Optional.empty());
        return Migration.created(
                new MigrationSpec(
                        name,
                        server,
                        server,
                        List.of(PAIR),
                        SchemaMode.COPY,
                        RolesMode.LEAVE,
                        ReplicaIdentityMode.KEEP,
                        LoadSpec.DEFAULT,
                        CutoverSpec.DEFAULT,
                        Optional.empty()),
                NOW);
    }
}
