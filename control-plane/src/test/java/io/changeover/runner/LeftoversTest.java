package io.changeover.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.migration.Names;
import io.changeover.migration.Side;
import io.changeover.postgres.ServerSettings;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.DdlSpec;
import io.changeover.spec.ExistingIndexMode;
import io.changeover.spec.LoadMode;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.RolesMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.SslMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeftoversTest {

    private static final LoadSpec REBUILDING =
            new LoadSpec(LoadMode.COPY, Optional.empty(), Optional.empty(), ExistingIndexMode.REBUILD);

    @Test
    void ofTheSourceEveryThingIsNamedWithItsSql() {
        List<String> left = Leftovers.of(
                pair(), Set.of(Side.SOURCE), List.of("alter table only \"public\".\"t\" replica identity default"));

        assertThat(left)
                .allMatch(line -> line.startsWith("On the source me@old:5432/Shop: "))
                .anyMatch(line ->
                        line.endsWith("where slot_name = '" + pair().names().slot() + "'"))
                .anyMatch(line -> line.endsWith(
                        "drop publication if exists \"" + pair().names().publication() + "\""))
                .anyMatch(line -> line.endsWith("drop event trigger if exists changeover_ddl_sql_drop"))
                .anyMatch(line -> line.endsWith("alter database \"Shop\" reset default_transaction_read_only"))
                .anyMatch(line -> line.endsWith("alter table only \"public\".\"t\" replica identity default"))
                .noneMatch(line -> line.contains("hunter2"));
    }

    @Test
    void ofTheTargetWhatOnlyItsLedgerKnewIsNamedAsSuch() {
        List<String> left = Leftovers.of(pair(), Set.of(Side.TARGET), List.of());

        assertThat(left)
                .anyMatch(line -> line.startsWith("On the target me@new:5433/shop: ")
                        && line.endsWith("changeover.guard has them"))
                .anyMatch(line -> line.contains("changeover.dropped_indexes"))
                .anyMatch(line -> line.startsWith("On the source ") && line.contains("relreplident = 'f'"))
                .noneMatch(line -> line.contains("slot"));
    }

    @Test
    void nothingIsLeftWhereBothAreThere() {
        assertThat(Leftovers.of(pair(), Set.of(), List.of())).isEmpty();
    }

    private static Pair pair() {
        ServerSpec server = new ServerSpec("h", 1, "me", "${env:P}", SslMode.DISABLE, Optional.empty());
        MigrationSpec spec = new MigrationSpec(
                        "shop",
                        server,
                        server,
                        List.of(new DatabasePair("Shop", "shop")),
                        SchemaMode.EXISTING,
                        RolesMode.LEAVE,
                        ReplicaIdentityMode.FULL_WHERE_MISSING,
                        REBUILDING,
                        CutoverSpec.DEFAULT,
                        Optional.empty())
                .withDdl(new DdlSpec(true));
        return new Pair(
                spec,
                spec.databases().get(0),
                new Names("shop", "Shop"),
                new ServerSettings("old", 5432, "Shop", "me", "hunter2", "disable", Optional.empty()),
                new ServerSettings("new", 5433, "shop", "me", "hunter2", "disable", Optional.empty()),
                Path.of("unused"));
    }
}
