package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.spec.SchemaMode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the preflight refuses is told with its codes, and neither server has changed. */
@Timeout(180)
@ExtendWith(StackExtension.class)
class RefusedMigrationTest {

    @Test
    void findingsAreTheReasonAndNothingIsChanged(SharedStack stack, Databases databases) throws Exception {
        databases.onSource(
                "create table public.parent (id int primary key)",
                "create table public.keyless (id int)",
                "create table public.child (id int primary key, parent int references public.parent)");
        databases.onTarget("create table public.parent (id int primary key)", "insert into public.parent values (1)");
        List<String> source = Content.objects(databases.source(Servers.MIGRATOR));
        List<String> target = Content.objects(databases.target(Servers.MIGRATOR));

        stack.api().begin(stack.spec(databases, SchemaMode.COPY));
        JsonNode failed = stack.api().awaitState(databases, "FAILED");

        assertThat(failed.path("reason").asText())
                .contains("CO-1203", "public.keyless", "CO-1304")
                .doesNotContain(Servers.PASSWORD);
        assertThat(Content.objects(databases.source(Servers.MIGRATOR))).isEqualTo(source);
        assertThat(Content.objects(databases.target(Servers.MIGRATOR))).isEqualTo(target);
        assertThat(stack.api().cutover(databases).status()).isEqualTo(409);
    }

    @Test
    void goesOnWhenItIsMendedAndStartedAgain(SharedStack stack, Databases databases) throws Exception {
        databases.onSource("create table public.keyless (id int)", "insert into public.keyless values (1), (1)");
        stack.api().begin(stack.spec(databases, SchemaMode.COPY));
        stack.api().awaitState(databases, "FAILED");

        databases.onSource("alter table public.keyless replica identity full");
        stack.api().start(databases.migration());

        stack.api().awaitState(databases, "READY_TO_CUTOVER");
        assertThat(stack.api().cutover(databases).status()).isEqualTo(202);
        Api.assertEqual(stack.api().awaitEnd(databases));
        assertThat(Content.rows(databases.target(Servers.MIGRATOR)))
                .isEqualTo(Content.rows(databases.source(Servers.MIGRATOR)));
    }
}
