package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.postgres.Identifier;
import io.changeover.spec.SchemaMode;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names, values and changes over which pipelines stumble: through the load, and through the stream. */
@Timeout(180)
@ExtendWith(StackExtension.class)
class AwkwardDataTest {

    private static final String LARGE_OBJECTS =
            "select oid, encode(lo_get(oid), 'hex') from pg_largeobject_metadata order by oid::bigint";

    /** Also when the database has settings of its own for what values look like as text. */
    @Test
    void everythingIsTheSameTextOnBothSides(SharedStack stack, Databases databases) throws Exception {
        String alter = "alter database "
                + Identifier.quote(databases.source(Servers.MIGRATOR).database()) + " set ";
        databases.onSourceAsSuperuser(
                alter + "intervalstyle = 'sql_standard'",
                alter + "datestyle = 'SQL, DMY'",
                alter + "bytea_output = 'escape'",
                alter + "extra_float_digits = 0",
                alter + "timezone = 'Asia/Tokyo'");
        databases.onSource(Scripts.text("awkward-schema.sql"));
        databases.onSource(Scripts.transactions("awkward-before.sql"));
        databases.onSource(Scripts.transactions("awkward-values.sql"));

        databases.onSource("select lo_from_bytea(n::oid, convert_to('object ' || n, 'UTF8'))"
                + " from generate_series(1000, 1009) n");

        stack.api().begin(stack.spec(databases, SchemaMode.COPY));
        stack.api().awaitState(databases, "READY_TO_CUTOVER");
        assertThat(databases.askTarget(LARGE_OBJECTS)).isEqualTo(databases.askSource(LARGE_OBJECTS));
        databases.onSource("select lo_put(1001, 3, 'changed')", "select lo_unlink(1002)", "select lo_create(2000)");
        databases.onSource(Scripts.transactions("awkward-values.sql"));
        databases.onSource(Scripts.transactions("awkward-stream.sql"));
        assertThat(stack.api().cutover(databases).status()).isEqualTo(202);

        JsonNode end = stack.api().awaitEnd(databases);
        Api.assertEqual(end);
        assertSameContent(databases);
        assertThat(end.path("cutover").path("result").path("largeObjects").asLong())
                .isEqualTo(10);
        assertThat(databases.askTarget(LARGE_OBJECTS)).hasSize(10).isEqualTo(databases.askSource(LARGE_OBJECTS));
    }

    /** The changes come while the tables are being copied, so that some are in the copy and some are not. */
    @Test
    void changesDuringTheLoadLandOnce(SharedStack stack, Databases databases) throws Exception {
        databases.onSource(Scripts.text("awkward-schema.sql"));
        databases.onSource(Scripts.transactions("awkward-before.sql"));

        stack.api().begin(stack.spec(databases, SchemaMode.COPY));
        stack.api().awaitState(databases, "FULL_LOAD");
        for (String transaction : Scripts.transactions("awkward-stream.sql")) {
            databases.onSource(transaction);
        }
        stack.api().awaitState(databases, "READY_TO_CUTOVER");
        assertThat(stack.api().cutover(databases).status()).isEqualTo(202);

        Api.assertEqual(stack.api().awaitEnd(databases));
        assertSameContent(databases);
    }

    private static void assertSameContent(Databases databases) throws SQLException {
        assertThat(Content.rows(databases.target(Servers.MIGRATOR)))
                .isNotEmpty()
                .isEqualTo(Content.rows(databases.source(Servers.MIGRATOR)));
    }
}
