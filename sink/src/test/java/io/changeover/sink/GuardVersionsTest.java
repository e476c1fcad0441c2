package io.changeover.sink;

import io.changeover.postgres.local.LocalPostgres;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Catalogs and refusals differ: before 14 triggers of partitions, before 15 the right, from 18 on foreign keys. */
@Tag("faults")
class GuardVersionsTest {

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 15, 18})
    void everythingIsPutBackAsItWas(int major) throws SQLException {
        try (LocalPostgres server = LocalPostgres.builder(major).fsync(false).start();
                GuardedDatabase database = GuardedDatabase.create(server)) {
            GuardCase.everythingIsPutBackAsItWas(database);
        }
    }

    /** With the right, as a superuser before 15, only what fires in replicas is touched. */
    @ParameterizedTest
    @ValueSource(ints = {12, 15, 18})
    void inTheReplicaRoleEverythingIsPutBackAsItWas(int major) throws SQLException {
        try (LocalPostgres server = LocalPostgres.builder(major).fsync(false).start();
                GuardedDatabase database = GuardedDatabase.create(server)) {
            database.mayBeReplica(true);
            GuardCase.replicasArePutBackAsTheyWere(database);
        }
    }
}
