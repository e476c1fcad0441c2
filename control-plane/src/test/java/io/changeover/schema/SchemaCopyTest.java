package io.changeover.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.schema.SchemaCopy.Outcome;
import io.changeover.spec.TableSelection;
import io.changeover.verify.CatalogComparison;
import io.changeover.verify.DatabasePair;
import io.changeover.verify.Difference;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class SchemaCopyTest {

    @TempDir
    Path work;

    private DatabasePair pair;
    private SchemaCopy copy;

    @BeforeEach
    void createDatabases() throws Exception {
        pair = DatabasePair.create();
        copy = new SchemaCopy(pair.source(), pair.target(), TableSelection.ALL, work);
    }

    @Test
    void everythingArrives() throws Exception {
        createAwkwardObjects();

        assertThat(copy.copyStructure()).isEqualTo(Outcome.DONE);
        assertThat(DatabasePair.query(
                        pair.target(),
                        "select count(*) from pg_index where indexrelid > 16384"
                                + " and indrelid <> 'changeover.structure'::regclass and indrelid not in"
                                + " (select reltoastrelid from pg_class)"))
                .isEqualTo("0");
        assertThat(copy.createKeysAndIndexes()).isEqualTo(Outcome.DONE);
        assertThat(copy.addForeignKeys())
                .extracting(ForeignKey::toString)
                .containsExactly("s.log.node_of", "s.node.later", "s.node.up");

        assertThat(differences()).isEmpty();
        assertThat(DatabasePair.query(
                        pair.target(),
                        "select obj_description(oid, 'pg_constraint') from pg_constraint where conname = 'later'"))
                .isEqualTo("it's a \\ comment");
        assertThat(DatabasePair.query(pair.target(), "select obj_description('public.\"we\"\"ird;table\"'::regclass)"))
                .isEqualTo("It's {fn here}; \\ \"quoted\" ?");
        assertThat(DatabasePair.query(pair.target(), "select public.lines()"))
                .isEqualTo("a\n\\restrict abc\n--\nSET transaction_timeout = 0;\n");
        assertThat(DatabasePair.query(pair.target(), "select convalidated from pg_constraint where conname = 'up'"))
                .isEqualTo("f");
    }

    @Test
    void keysOfSomeTablesAreMadeAhead() throws Exception {
        createAwkwardObjects();
        copy.copyStructure();
        TableName weird = new TableName("public", "we\"ird;table");
        String indexes =
                "select string_agg(distinct tablename, ',') from pg_indexes where schemaname in ('public', 's')";

        copy.createKeysAndIndexesOf(Set.of(weird));
        copy.createKeysAndIndexesOf(Set.of(weird));
        assertThat(DatabasePair.query(pair.target(), indexes)).isEqualTo(weird.name());

        assertThat(copy.createKeysAndIndexes()).isEqualTo(Outcome.DONE);
        copy.createKeysAndIndexesOf(Set.of(weird));
        copy.addForeignKeys();
        assertThat(differences()).isEmpty();
    }

    @Test
    void aStepThatIsRepeatedChangesNothing() throws Exception {
        createAwkwardObjects();
        copy.copyStructure();
        copy.createKeysAndIndexes();
        copy.addForeignKeys();

        assertThat(copy.copyStructure()).isEqualTo(Outcome.DONE_BEFORE);
        assertThat(copy.createKeysAndIndexes()).isEqualTo(Outcome.DONE_BEFORE);
        assertThat(copy.addForeignKeys()).isEmpty();
        assertThat(differences()).isEmpty();
    }

    @Test
    void aTargetWithObjectsOfItsOwnIsLeftAlone() throws Exception {
        createAwkwardObjects();
        DatabasePair.execute(pair.target(), "create table public.mine (id int primary key)");

        assertThat(copy.copyStructure()).isEqualTo(Outcome.FOUND);
        copy.createKeysAndIndexesOf(Set.of(new TableName("public", "mine")));
        assertThat(DatabasePair.query(pair.target(), "select to_regclass('changeover.made') is null"))
                .isEqualTo("t");
        assertThat(copy.createKeysAndIndexes()).isEqualTo(Outcome.FOUND);
        assertThat(DatabasePair.query(pair.target(), "select count(*) from pg_namespace where nspname = 's'"))
                .isEqualTo("0");
    }

    @Test
    void whatOnlyASuperuserCanMakeIsLeftOut() throws Exception {
        DatabasePair.execute(
                DatabasePair.superuser(pair.source()),
                "create extension citext schema public; comment on extension citext is 'ours';"
                        + " create function public.ddl() returns event_trigger language plpgsql as 'begin end';"
                        + " create event trigger watch on ddl_command_end execute function public.ddl();"
                        + " comment on event trigger watch is 'x'; comment on schema public is 'changed';"
                        + " create publication p for all tables");
        DatabasePair.execute(pair.source(), "create table public.t (a public.citext primary key)");

        copy.copyStructure();
        copy.createKeysAndIndexes();

        assertThat(differences()).extracting(Difference::kind).containsExactly("event trigger");
    }

    @Test
    void aFailureNamesTheObjectAndKeepsTheOthers() throws Exception {
        DatabasePair.execute(
                pair.source(),
                "create table public.a (a int, b int);"
                        + " create unique index in_the_way on public.a (b); insert into public.a values (1, 1), (2, 2);"
                        + " create index fine on public.a (a)");
        copy.copyStructure();
        DatabasePair.execute(pair.target(), "insert into public.a values (1, 1), (2, 1)");

        assertThatThrownBy(copy::createKeysAndIndexes)
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("INDEX public.in_the_way")
                .hasMessageContaining("could not create unique index")
                .hasMessageNotContaining("(b)=(1)");
        assertThat(DatabasePair.query(pair.target(), "select indexname from pg_indexes where schemaname = 'public'"))
                .isEqualTo("fine");

        DatabasePair.execute(pair.target(), "update public.a set b = a");
        assertThat(copy.createKeysAndIndexes()).isEqualTo(Outcome.DONE);
        assertThat(differences()).isEmpty();
    }

    @Test
    void anOlderClientIsRefused() {
        SchemaCopy backwards = new SchemaCopy(pair.target(), pair.source(), TableSelection.ALL, work);

        assertThatThrownBy(backwards::copyStructure)
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("install pg_dump 17 or newer");
    }

    @Test
    void aMissingClientIsNamed() {
        SchemaCopy without = new SchemaCopy(
                pair.source(), pair.target(), TableSelection.ALL, new ClientPrograms(Optional.of(work)), work);

        assertThatThrownBy(without::copyStructure)
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("install PostgreSQL's client programs");
    }

    @Test
    void aSessionThatAKilledRunLeftIsEndedFirst() throws Exception {
        createAwkwardObjects();
        try (Connection left = Connections.open(pair.target(), "changeover-schema");
                Statement statement = left.createStatement()) {
            left.setAutoCommit(false);
            statement.execute("create schema s");

            assertThat(copy.copyStructure()).isEqualTo(Outcome.DONE);

            assertThatThrownBy(left::commit).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void aLostDumpIsTakenAgain() throws Exception {
        createAwkwardObjects();
        copy.copyStructure();
        Files.delete(work.resolve("structure.dump"));

        copy.createKeysAndIndexes();
        copy.addForeignKeys();

        assertThat(differences()).isEmpty();
    }

    @Test
    void killedAtAnyMomentItGoesOn() throws Exception {
        createAwkwardObjects();
        int kills = 0;
        boolean done = false;
        for (long millis = 300; !done; millis += 60) {
            Process process = SchemaCopyMain.start(pair, work);
            done = process.waitFor(millis, TimeUnit.MILLISECONDS) && process.exitValue() == 0;
            process.destroyForcibly().waitFor();
            kills += done ? 0 : 1;
        }

        assertThat(kills).isPositive();
        assertThat(differences()).isEmpty();
    }

    @Test
    void foreignKeysAreAddedBesideAWriter() throws Exception {
        String tables = "create table public.a (id int primary key, other int);"
                + " create table public.b (id int primary key, other int);"
                + " insert into public.a values (1, 1); insert into public.b values (1, 1);";
        pair.onBoth(tables);
        DatabasePair.execute(
                pair.source(),
                "alter table public.a add constraint a_b foreign key (other) references public.b;"
                        + " alter table public.b add constraint b_a foreign key (other) references public.a");
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = new Thread(() -> write(stop), "writer");
        writer.start();
        try {
            assertThat(copy.addForeignKeys()).extracting(ForeignKey::name).containsExactly("a_b", "b_a");
        } finally {
            stop.set(true);
            writer.join();
        }
        assertThat(differences()).isEmpty();
    }

    @Test
    void aForeignKeyThatWasNotValidatedBeforeTheCrashIsValidated() throws Exception {
        pair.onBoth("create table public.a (id int primary key); create table public.b (a int)");
        DatabasePair.execute(
                pair.source(), "alter table public.b add constraint b_a foreign key (a) references public.a");
        DatabasePair.execute(
                pair.target(), "alter table public.b add constraint b_a foreign key (a) references public.a not valid");

        assertThat(copy.addForeignKeys()).isEmpty();

        assertThat(differences()).isEmpty();
    }

    /** The proof before the cutover counts what violates it, and compares that with the source. */
    @Test
    void aForeignKeyThatDoesNotHoldStaysNotValid() throws Exception {
        pair.onBoth("create table public.a (id int primary key); create table public.b (a int)");
        DatabasePair.execute(
                pair.source(), "alter table public.b add constraint b_a foreign key (a) references public.a");
        DatabasePair.execute(pair.target(), "insert into public.b values (4711)");

        copy.addForeignKeys();

        assertThat(DatabasePair.query(
                        pair.target(), "select conname || ' ' || convalidated from pg_constraint where contype = 'f'"))
                .isEqualTo("b_a false");
    }

    @Test
    void materializedViewsAreFilledInTheOrderOfTheirReading() throws Exception {
        DatabasePair.execute(pair.source(), """
                create table public.t (a int);
                create materialized view public.z_first as select a from public.t;
                create view public.between as select a from public.z_first;
                create materialized view public.a_last as select a from public.between;
                create materialized view public.never as select 1 as a with no data""");
        copy.copyStructure();
        copy.createKeysAndIndexes();
        DatabasePair.execute(pair.target(), "insert into public.t values (1)");

        assertThat(copy.refreshMaterializedViews())
                .extracting(Object::toString)
                .containsExactly("public.z_first", "public.a_last");
        copy.analyze();

        assertThat(DatabasePair.query(pair.target(), "select count(*) from public.a_last"))
                .isEqualTo("1");
        assertThat(DatabasePair.query(pair.target(), "select reltuples from pg_class where oid = 'public.t'::regclass"))
                .isEqualTo("1");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> DatabasePair.query(
                                pair.target(),
                                "select count(*) from pg_stat_activity where application_name = 'changeover-schema'")
                        .equals("0"));
    }

    private void write(AtomicBoolean stop) {
        try (Connection connection = Connections.open(pair.target(), "changeover-sink");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = 0; !stop.get(); i++) {
                try {
                    statement.execute("update public." + (i % 2 == 0 ? "a" : "b") + " set other = 1");
                    statement.execute("update public." + (i % 2 == 0 ? "b" : "a") + " set other = 1");
                    connection.commit();
                } catch (SQLException e) {
                    connection.rollback();
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Difference> differences() throws SQLException {
        return differences(pair.source(), pair.target());
    }

    static List<Difference> differences(ServerSettings from, ServerSettings to) throws SQLException {
        try (Connection source = Connections.open(from, "changeover-test");
                Connection target = Connections.open(to, "changeover-test")) {
            return CatalogComparison.run(source, target);
        }
    }

    private void createAwkwardObjects() throws Exception {
        try (InputStream in = SchemaCopyTest.class.getResourceAsStream("awkward.sql");
                Connection connection = Connections.open(pair.source(), "changeover-test")) {
            Script.run(connection, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
