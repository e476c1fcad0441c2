package io.changeover.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.embedded.EmbeddedKafka;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Migration;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.SslMode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a broker of its own: the store belongs to one control plane at a time. */
@Timeout(120)
class MigrationStoreTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123456Z");
    private static final DatabasePair PAIR = new DatabasePair("from", "to");

    @Test
    void whatWasChangedIsThereForTheNextAndTheOneBeforeIsFenced(@TempDir Path directory) {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory);
                MigrationStore first = MigrationStore.open(kafka.bootstrapServers())) {
            assertThat(first.all()).isEmpty();
            assertThat(first.add(migration("b"))).isTrue();
            assertThat(first.add(migration("a"))).isTrue();
            assertThat(first.add(migration("a"))).isFalse();
            Migration changed = first.update(
                    "a", before -> before.with(PAIR, status -> status.failed("no space left: ünïcode", NOW)));
            assertThatThrownBy(() -> first.update("none", before -> before))
                    .isInstanceOf(IllegalArgumentException.class);

            try (MigrationStore second = MigrationStore.open(kafka.bootstrapServers())) {
                assertThat(second.all()).containsExactly(changed, migration("b"));
                assertThat(second.get("a").orElseThrow().databases())
                        .extracting(DatabaseStatus::state)
                        .containsExactly(DatabaseState.FAILED);

                assertThatThrownBy(() -> first.add(migration("c"))).isInstanceOf(StoreFenced.class);
                assertThatThrownBy(() ->
                                first.update("a", before -> before.with(PAIR, DatabaseStatus::withCutoverRequested)))
                        .isInstanceOf(StoreFenced.class);
                assertThat(first.get("a")).contains(changed);
                assertThat(second.add(migration("c"))).isTrue();
            }
        }
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
                        ReplicaIdentityMode.KEEP,
                        LoadSpec.DEFAULT,
                        CutoverSpec.DEFAULT,
                        Optional.empty()),
                NOW);
    }
}
