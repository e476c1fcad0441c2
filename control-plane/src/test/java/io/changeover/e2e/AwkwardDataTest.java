package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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

        stack.api().begin(stack.spec(databases, SchemaMode.COPY));
        stack.api().awaitState(databases, "READY_TO_CUTOVER");
        databases.onSource(Scripts.transactions("awkward-values.sql"));
        databases.onSource(Scripts.transactions("awkward-stream.sql"));
        assertThat(stack.api().cutover(databases).status()).isEqualTo(202);

        Api.assertEqual(stack.api().awaitEnd(databases));
        assertSameContent(databases);
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
