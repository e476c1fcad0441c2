package io.changeover.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.connect.ConnectClient;
import io.changeover.e2e.Databases;
import io.changeover.e2e.Servers;
import io.changeover.e2e.StackExtension;
import io.changeover.kafka.KafkaClients;
import io.changeover.leader.Tenure;
import io.changeover.ledger.LeaderLedger.Leader;
import io.changeover.migration.Names;
import io.changeover.postgres.ServerSettings;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.RolesMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.SslMode;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** No table is published that the application could then not update, whatever happened since the preflight. */
@Timeout(60)
@ExtendWith(StackExtension.class)
class PublicationStepTest {

    private static final String PUBLICATIONS = "select pubname from pg_publication";

    @TempDir
    Path directory;

    @Test
    void aTableThatWasMadeSinceThePreflightIsNotPublished(Databases databases) throws Exception {
        databases.onSource("create table public.fine (id int primary key)", "create table public.late (id int)");

        assertThatThrownBy(() -> steps(databases, ReplicaIdentityMode.KEEP).publication())
                .isInstanceOf(StepFailed.class)
                .hasMessageContaining("public.late")
                .hasMessageNotContaining("public.fine");

        assertThat(databases.askSource(PUBLICATIONS)).isEmpty();
    }

    /** The key goes at the very moment of publishing. */
    @Test
    void aTableThatLosesItsKeyMeanwhileDoesNotStayPublished(Databases databases) throws Exception {
        databases.onSource("create table public.t (id int primary key)", "insert into public.t values (1)");
        databases.onSourceAsSuperuser(
                "create function public.lose_key() returns event_trigger language plpgsql as"
                        + " 'begin alter table public.t drop constraint t_pkey; end'",
                "create event trigger lose_key on ddl_command_end when tag in ('CREATE PUBLICATION')"
                        + " execute function public.lose_key()");

        assertThatThrownBy(() -> steps(databases, ReplicaIdentityMode.KEEP).publication())
                .isInstanceOf(StepFailed.class)
                .hasMessageContaining("public.t");

        assertThat(databases.askSource(PUBLICATIONS)).isEmpty();
        databases.onSource("update public.t set id = 2");
    }

    @Test
    void tablesThatBecomeFullCanBeUpdatedAsSoonAsTheyArePublished(Databases databases) throws Exception {
        databases.onSource("create table public.t (id int)", "insert into public.t values (1)");
        Steps steps = steps(databases, ReplicaIdentityMode.FULL_WHERE_MISSING);

        steps.publication();
        steps.publication();

        assertThat(databases.askSource(PUBLICATIONS)).hasSize(1);
        databases.onSource("update public.t set id = 2");
        assertThat(databases.askTarget("select table_name, was from changeover.replica_identity"))
                .containsExactly("t|DEFAULT");
    }

    private Steps steps(Databases databases, ReplicaIdentityMode mode) throws Exception {
        ServerSettings source = databases.source(Servers.MIGRATOR);
        ServerSettings target = databases.target(Servers.MIGRATOR);
        DatabasePair names = new DatabasePair(databases.name(), databases.name());
        MigrationSpec spec = new MigrationSpec(
                databases.migration(),
                server(source),
                server(target),
                List.of(names),
                SchemaMode.COPY,
                RolesMode.LEAVE,
                mode,
                LoadSpec.DEFAULT,
                CutoverSpec.DEFAULT,
                Optional.empty());
        Pair pair =
                new Pair(spec, names, new Names(databases.migration(), databases.name()), source, target, directory);
        // the step asks Connect and Kafka for nothing
        return new Steps(
                pair,
                new Connectors(pair, new ConnectClient("http://127.0.0.1:1"), Clock.systemUTC()),
                new Topics(
                        KafkaClients.plain("unused:1"),
                        pair.names(),
                        new Tenure(
                                new Leader(1, "this test"),
                                pair.names().changeTopic(),
                                pair.source(),
                                pair.target(),
                                () -> {})));
    }

    private static ServerSpec server(ServerSettings settings) {
        return new ServerSpec(
                settings.host(), settings.port(), settings.user(), "${env:P}", SslMode.DISABLE, Optional.empty());
    }
}
