package io.changeover.load;

import static io.changeover.load.LoadDatabases.ask;
import static io.changeover.load.LoadDatabases.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.ledger.Ledger;
import io.changeover.ledger.LoadLedger;
import io.changeover.ledger.StreamLedger;
import io.changeover.postgres.Connections;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What happens to a table on the target, and when its copy begins. */
@Timeout(60)
class ReloadTest {

    @RegisterExtension
    static final LoadDatabases databases = new LoadDatabases();

    private static final TableName TABLE = new TableName("public", "t");

    private Connection ledger;

    @BeforeEach
    void loadOnce() throws SQLException {
        databases.onBoth("create table public.t (id int primary key)");
        run(databases.source(), "insert into public.t values (1), (2)");
        ledger = Connections.open(databases.target(), "changeover-test");
        Ledger.create(ledger);
        StreamLedger.open(ledger, "stream");
        LoadLedger.enqueue(ledger, List.of(new LoadLedger.Entry(TABLE, 0, 0)));
        load();
    }

    @AfterEach
    void closeLedger() throws SQLException {
        ledger.close();
    }

    @Test
    void theTableIsEmptyAndThenAsItIsNow() throws Exception {
        run(databases.source(), "delete from public.t where id = 1");
        reload(TABLE);
        assertThat(count()).isEqualTo("0");
        assertThat(ask(
                        databases.target(),
                        "select held_offset, held_lsn, loads_version from changeover.loads," + " changeover.streams"))
                .containsExactly("0|0/0|1");

        load();

        assertThat(ask(databases.target(), "select id from public.t")).containsExactly("2");
    }

    /** It may be durable, and so in the stream, without being visible; or older than the table's being published. */
    @Test
    void theCopyWaitsForTransactionsThatHadBegunBefore() throws Exception {
        try (Connection older = Connections.open(databases.source(), "application");
                Statement statement = older.createStatement()) {
            older.setAutoCommit(false);
            statement.execute("insert into public.t values (3)");
            reload(TABLE);
            try (Loader loader = loader()) {
                assertThat(loader.next()).isEqualTo(Loader.Outcome.WORKED);
                assertThat(loader.next()).isEqualTo(Loader.Outcome.WAITS);
                assertThat(ask(databases.target(), "select state, error from changeover.loads"))
                        .singleElement()
                        .asString()
                        .startsWith("pending|the copy waits for transactions");
                run(databases.source(), "begin", "insert into public.t values (4)", "commit");

                older.commit();
                while (loader.next() != Loader.Outcome.FINISHED) {
                    assertThat(LoadLedger.isFinished(ledger)).isTrue();
                }
            }
        }
        assertThat(count()).isEqualTo("4");
    }

    /** To empty it would empty its partitions, which nobody would fill again. */
    @Test
    void aPartitionedTableIsLoadedByItsPartitions() throws Exception {
        databases.onBoth(
                "create table public.root (id int) partition by range (id)",
                "create table public.leaf partition of public.root for values from (0) to (9)",
                "create table public.branch partition of public.root default partition by range (id)",
                "create table public.twig partition of public.branch default",
                "insert into public.root values (1), (20)");
        TableName root = new TableName("public", "root");

        assertThatThrownBy(() -> reload(root))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("public.root is partitioned on the source");
        assertThat(ask(databases.target(), "select count(*) from public.root")).containsExactly("2");
        assertThat(Reload.parts(databases.source(), root))
                .containsExactly(new TableName("public", "leaf"), new TableName("public", "twig"));
        assertThat(Reload.parts(databases.source(), TABLE)).containsExactly(TABLE);
        assertThat(Reload.parts(databases.source(), new TableName("public", "none")))
                .isEmpty();
        assertThat(Reload.obstacle(databases.source(), databases.target(), root))
                .hasValueSatisfying(reason -> assertThat(reason).contains("holds rows itself"));
    }

    @Test
    void aTableThatOthersReferToIsEmptiedRowByRow() throws Exception {
        run(
                databases.target(),
                "create table public.child (t int references public.t)",
                "insert into public.child values (1)");

        reload(TABLE);
        assertThat(count()).isEqualTo("0");
        assertThat(ask(databases.target(), "select count(*) from public.child")).containsExactly("1");

        load();
        assertThat(count()).isEqualTo("2");
    }

    @Test
    void aPartitionedTableOfTheTargetIsEmptiedWithItsPartitionsAndAParentAlone() throws Exception {
        TableName split = new TableName("public", "split");
        TableName parent = new TableName("public", "parent");
        run(
                databases.source(),
                "create table public.split (id int)",
                "insert into public.split values (1)",
                "create table public.parent (id int)");
        run(
                databases.target(),
                "create table public.split (id int) partition by range (id)",
                "create table public.part partition of public.split default",
                "insert into public.split values (7)",
                "create table public.parent (id int)",
                "create table public.child () inherits (public.parent)",
                "insert into public.parent values (7)",
                "insert into public.child values (8)");

        reload(split);
        reload(parent);

        assertThat(ask(databases.target(), "select count(*) from public.split")).containsExactly("0");
        assertThat(ask(databases.target(), "select id from public.parent")).containsExactly("8");
        load();
        assertThat(ask(databases.target(), "select id from public.part")).containsExactly("1");
    }

    @Test
    void nothingIsDoneToATableThatIsNotOnBothSides() throws Exception {
        assertThatThrownBy(() -> reload(new TableName("public", "none")))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("public.none is not on the source");
        run(databases.source(), "create table public.new (id int)");
        assertThatThrownBy(() -> reload(new TableName("public", "new")))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("public.new");

        assertThat(ask(databases.target(), "select table_name, state from changeover.loads"))
                .containsExactly("t|done");
    }

    private String count() throws SQLException {
        return ask(databases.target(), "select count(*) from public.t").get(0);
    }

    private void reload(TableName table) throws SQLException {
        Reload.begin(databases.source(), databases.target(), "stream", table);
    }

    private void load() throws SQLException {
        try (Loader loader = loader()) {
            while (loader.next() != Loader.Outcome.FINISHED) {
                assertThat(ask(databases.target(), "select error from changeover.loads where error is not null"))
                        .isEmpty();
            }
        }
    }

    private Loader loader() {
        return new Loader(databases.source(), databases.target(), 1 << 30, progress -> {}, () -> false);
    }
}
