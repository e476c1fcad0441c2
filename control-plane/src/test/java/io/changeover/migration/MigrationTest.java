package io.changeover.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.RolesMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.SslMode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MigrationTest {

    private static final DatabasePair PAIR = new DatabasePair("shop", "shop");
    private static final ServerSpec SERVER = new ServerSpec("h", 1, "u", "${env:P}", SslMode.DISABLE, Optional.empty());
    private static final MigrationSpec KEEP = new MigrationSpec(
            "m",
            SERVER,
            SERVER,
            List.of(PAIR),
            SchemaMode.COPY,
            RolesMode.LEAVE,
            ReplicaIdentityMode.KEEP,
            LoadSpec.DEFAULT,
            CutoverSpec.DEFAULT,
            Optional.empty());
    private static final MigrationSpec FULL = KEEP.withReplicaIdentity(ReplicaIdentityMode.FULL_WHERE_MISSING);

    private final Migration refused = Migration.created(KEEP, Instant.EPOCH);

    @Test
    void whatThePreflightRefusedCanBeMendedInTheFile() {
        assertThat(refused.changed(FULL).spec().replicaIdentity()).isEqualTo(ReplicaIdentityMode.FULL_WHERE_MISSING);
    }

    @Test
    void replicaIdentitiesStayAsTheyAreOncePublished() {
        Migration published = refused.with(PAIR, status -> status.with(Step.PUBLICATION));

        assertThatThrownBy(() -> published.changed(FULL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("spec.replicaIdentity");
        assertThat(published.changed(KEEP)).isEqualTo(published);
    }

    @Test
    void rolesStayAsTheFileSaidOnceTheStructureIsThere() {
        MigrationSpec copying = KEEP.withRoles(RolesMode.COPY);
        Migration made = refused.with(PAIR, status -> status.with(Step.STRUCTURE));

        assertThat(refused.changed(copying).spec().roles()).isEqualTo(RolesMode.COPY);
        assertThatThrownBy(() -> made.changed(copying))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("spec.roles");
    }
}
