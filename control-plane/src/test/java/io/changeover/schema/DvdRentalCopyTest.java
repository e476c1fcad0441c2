package io.changeover.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.cutover.Sequences;
import io.changeover.demo.DvdRental;
import io.changeover.postgres.Connections;
import io.changeover.spec.TableSelection;
import io.changeover.verify.CatalogComparison;
import io.changeover.verify.DatabaseComparison;
import io.changeover.verify.DatabasePair;
import io.changeover.verify.HeldSnapshot;
import io.changeover.verify.TableComparison;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/** The sample database goes from PostgreSQL 14 to 17 while nobody writes: structure, rows, keys, foreign keys. */
@Timeout(240)
class DvdRentalCopyTest {

    private static final String COPIES = """
            select format('copy %1$I.%2$I (%3$s)', n.nspname, c.relname,
                          string_agg(quote_ident(a.attname), ', ' order by a.attnum))
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
              join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
               and a.attgenerated = ''
             where c.relkind = 'r' and n.nspname = 'public' group by n.nspname, c.relname""";

    @TempDir
    Path work;

    @Test
    void arrivesWhole() throws Exception {
        DatabasePair pair = DatabasePair.create();
        SchemaCopy copy = new SchemaCopy(pair.source(), pair.target(), TableSelection.ALL, work);
        try (Connection source = Connections.open(pair.source(), "changeover-test");
                Connection target = Connections.open(pair.target(), "changeover-test")) {
            DvdRental.create(source, 0.01, 1);

            copy.copyStructure();
            copyRows(source, target);
            copy.createKeysAndIndexes();
            assertThat(copy.addForeignKeys()).hasSizeGreaterThan(20);
            Sequences.set(target, Sequences.read(source));
            copy.refreshMaterializedViews();
            copy.analyze();

            assertThat(CatalogComparison.run(source, target)).isEmpty();
            assertThat(Sequences.compare(Sequences.read(source), Sequences.read(target)))
                    .isEmpty();
            assertThat(compare(pair)).hasSizeGreaterThan(30).allMatch(TableComparison::equal);
            DatabasePair.execute(
                    pair.target(),
                    "update public.customer set email = null where customer_id ="
                            + " (select max(customer_id) from public.customer where email is not null)");
            assertThat(compare(pair))
                    .filteredOn(table -> !table.equal())
                    .extracting(table -> table.table().name())
                    // the trigger of the target works again
                    .containsExactly("customer", "customer_audit");
        }
    }

    private static List<TableComparison> compare(DatabasePair pair) throws Exception {
        try (HeldSnapshot source = HeldSnapshot.take(pair.source());
                HeldSnapshot target = HeldSnapshot.take(pair.target())) {
            return DatabaseComparison.run(source, target, table -> true, 2, table -> {});
        }
    }

    private static void copyRows(Connection source, Connection target) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet copies = statement.executeQuery(COPIES)) {
            while (copies.next()) {
                CopyOut out =
                        source.unwrap(PGConnection.class).getCopyAPI().copyOut(copies.getString(1) + " to stdout");
                CopyIn in = target.unwrap(PGConnection.class).getCopyAPI().copyIn(copies.getString(1) + " from stdin");
                for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
                    in.writeToCopy(row, 0, row.length);
                }
                in.endCopy();
            }
        }
    }
}
