package io.changeover.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.postgres.ServerSettings;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClientEnvironmentTest {

    @Test
    void carriesWhatTheSettingsSay() throws Exception {
        assertThat(ClientEnvironment.of(server("verify-ca", Optional.of("/roots.pem")), 15))
                .containsEntry("PGHOST", "db.example")
                .containsEntry("PGPORT", "5433")
                .containsEntry("PGDATABASE", "shop")
                .containsEntry("PGUSER", "mover")
                .containsEntry("PGPASSWORD", "s:e\\cret")
                .containsEntry("PGSSLMODE", "verify-ca")
                .containsEntry("PGSSLROOTCERT", "/roots.pem")
                .containsEntry("PGAPPNAME", "changeover-schema");
    }

    @Test
    void usesTheSystemsRootsWhereTheClientCan() throws Exception {
        assertThat(ClientEnvironment.of(server("verify-full", Optional.empty()), 16))
                .containsEntry("PGSSLROOTCERT", "system");
        assertThat(ClientEnvironment.of(server("require", Optional.empty()), 15))
                .doesNotContainKey("PGSSLROOTCERT");
    }

    @Test
    void saysWhatIsMissingWhereItCannot() {
        assertThatThrownBy(() -> ClientEnvironment.of(server("verify-full", Optional.empty()), 15))
                .hasMessageContaining("sslRootCert")
                .hasMessageContaining("version 16 can")
                .hasMessageNotContaining("s:e\\cret");
        assertThatThrownBy(() -> ClientEnvironment.of(server("verify-ca", Optional.empty()), 17))
                .hasMessageContaining("verify-full can");
    }

    private static ServerSettings server(String mode, Optional<String> roots) {
        return new ServerSettings("db.example", 5433, "shop", "mover", "s:e\\cret", mode, roots);
    }
}
