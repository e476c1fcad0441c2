package io.changeover.capture;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.postgresql.PGConnection;

/**
 * Transactions of three writers, step by step in turns that a seed decides, so that they interleave and end in mixed
 * order: multi-row inserts, COPY, updates with and without the key, deletes, savepoints, TRUNCATE, logical messages;
 * ended by commit, rollback or in two phases. A writer touches rows and tables of its own, because one thread drives
 * them all.
 */
final class SeededWorkload {

    static final int WRITERS = 3;

    private static final int TRANSACTIONS = 24;

    /** {@code keyed} and {@code keyless} are everybody's, the other two are each writer's. */
    static final String TABLES = """
            create sequence public.ids;
            create table public.keyed (id bigint primary key default nextval('public.ids'), writer int not null, note text);
            create table public.keyless (writer int not null, note text);
            alter table public.keyless replica identity full;
            create table public.emptied_0 (id int primary key);
            create table public.emptied_1 (id int primary key);
            create table public.emptied_2 (id int primary key);
            create table public.also_emptied_0 (id int primary key);
            create table public.also_emptied_1 (id int primary key);
            create table public.also_emptied_2 (id int primary key)""";

    private final Random random;
    private final CapturedDatabase database;
    private int ended;

    SeededWorkload(long seed, CapturedDatabase database) {
        this.random = new Random(seed);
        this.database = database;
    }

    /** Runs until enough transactions have ended, none is left open. */
    void run() throws SQLException, IOException {
        List<Writer> writers = new ArrayList<>();
        try {
            for (int i = 0; i < WRITERS; i++) {
                writers.add(new Writer(i, database.open()));
            }
            while (ended < TRANSACTIONS) {
                writers.get(random.nextInt(WRITERS)).step();
            }
            for (Writer writer : writers) {
                writer.finish();
            }
        } finally {
            for (Writer writer : writers) {
                writer.connection.close();
            }
        }
    }

    /** IDLE → OPEN at begin; OPEN → IDLE at commit or rollback, → PREPARED; PREPARED → IDLE at its second phase. */
    private enum State {
        IDLE,
        OPEN,
        PREPARED
    }

    private final class Writer {

        private final int number;
        private final Connection connection;
        private State state = State.IDLE;

        Writer(int number, Connection connection) {
            this.number = number;
            this.connection = connection;
        }

        void step() throws SQLException, IOException {
            switch (state) {
                case IDLE -> {
                    execute("begin");
                    state = State.OPEN;
                    change();
                }
                case OPEN -> {
                    if (random.nextInt(3) > 0) {
                        change();
                    } else {
                        end();
                    }
                }
                case PREPARED -> secondPhase();
            }
        }

        void finish() throws SQLException {
            if (state == State.OPEN) {
                end();
            }
            if (state == State.PREPARED) {
                secondPhase();
            }
        }

        private void end() throws SQLException {
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    execute("prepare transaction '" + database.name() + "_" + number + "'");
                    state = State.PREPARED;
                }
                case 2 -> {
                    execute("rollback");
                    state = State.IDLE;
                }
                default -> {
                    execute("commit");
                    state = State.IDLE;
                    ended++;
                }
            }
        }

        private void secondPhase() throws SQLException {
            boolean commit = random.nextInt(5) > 0;
            execute((commit ? "commit" : "rollback") + " prepared '" + database.name() + "_" + number + "'");
            state = State.IDLE;
            ended += commit ? 1 : 0;
        }

        private void change() throws SQLException, IOException {
            int rows = 1 + random.nextInt(4);
            switch (random.nextInt(10)) {
                case 0, 1 ->
                    execute("insert into public.keyed (writer, note) select " + number
                            + ", 'row ' || g from generate_series(1, " + rows + ") g");
                case 2, 3 -> copy("public.keyed (writer, note)", (number + "\tcopied\n").repeat(1 + rows));
                case 4 -> execute("update public.keyed set id = nextval('public.ids')" + oldest(rows));
                case 5 -> execute("update public.keyed set note = note || '!'" + oldest(rows));
                case 6 -> execute("delete from public.keyed" + oldest(rows));
                case 7 -> savepoint();
                case 8 -> truncate();
                default -> keyless();
            }
        }

        private String oldest(int rows) {
            return " where id in (select id from public.keyed where writer = " + number + " order by id limit " + rows
                    + ")";
        }

        private void savepoint() throws SQLException, IOException {
            execute("savepoint s");
            change();
            execute(random.nextBoolean() ? "rollback to savepoint s" : "release savepoint s");
            change();
        }

        private void truncate() throws SQLException, IOException {
            execute("truncate public.emptied_" + number + ", public.also_emptied_" + number);
            copy("public.emptied_" + number, "1\n2\n3\n");
        }

        private void keyless() throws SQLException {
            execute("insert into public.keyless values (" + number + ", 'a'), (" + number + ", 'a')");
            execute("update public.keyless set note = note || 'b' where writer = " + number);
            execute("select pg_logical_emit_message(true, 'changeover', 'note')");
            if (random.nextBoolean()) {
                execute("delete from public.keyless where writer = " + number);
            }
        }

        private void copy(String into, String rows) throws SQLException, IOException {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy " + into + " from stdin", new StringReader(rows));
        }

        private void execute(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }
}
