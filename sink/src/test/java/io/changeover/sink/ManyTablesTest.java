package io.changeover.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.sink.apply.StreamApplier;
import io.changeover.sink.group.BufferLimits;
import java.sql.SQLException;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A group that changes one row in each of thousands of tables or partitions. */
@Tag("faults")
@Timeout(600)
class ManyTablesTest {

    private static final int TABLES = Integer.getInteger("many.tables", 2000);

    private TargetDatabase target;

    @BeforeEach
    void createDatabase() throws SQLException {
        target = TargetDatabase.create();
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    @Test
    void tables() throws Exception {
        target.execute("do $$ begin for i in 1.." + TABLES + " loop execute format("
                + "'create table public.t%s (id int primary key, u int, v text)', i);"
                + " if i % 100 = 0 then commit; end if; end loop; end $$");

        applyToAll("tables");

        assertThat(target.query("select sum((xpath('/row/c/text()', query_to_xml('select count(*) as c from public.'"
                        + " || relname, false, true, '')))[1]::text::int) from pg_class"
                        + " where relnamespace = 'public'::regnamespace and relkind = 'r'"))
                .containsExactly(String.valueOf(3 * TABLES));
    }

    @Test
    void partitions() throws Exception {
        target.execute("create table public.root (id int, u int, v text) partition by list (u)");
        target.execute("do $$ begin for i in 1.." + TABLES + " loop execute format("
                + "'create table public.t%1$s partition of public.root (primary key (id)) for values in (%1$s)', i);"
                + " if i % 100 = 0 then commit; end if; end loop; end $$");

        applyToAll("partitions");

        assertThat(target.query("select count(*) from public.root")).containsExactly(String.valueOf(3 * TABLES));
    }

    private void applyToAll(String what) throws Exception {
        BufferLimits roomy = new BufferLimits(1_000_000, 1_000_000, 1 << 30);
        StreamApplier applier = StreamApplier.open(target.settings(), "many", roomy);
        ChangeTopic topic = new ChangeTopic();
        for (int group = 0; group < 3; group++) {
            String id = String.valueOf(group);
            long next = applier.topicOffset();
            topic.transaction(
                    10 + group,
                    IntStream.rangeClosed(1, TABLES)
                            .mapToObj(i -> ChangeTopic.insert("t" + i, "id", id, "u", String.valueOf(i), "v", "x"))
                            .toArray(ChangeEvent[]::new));
            long start = System.nanoTime();
            topic.feed(applier, next);
            applier.apply();
            System.out.printf(
                    Locale.ROOT, "%d %s, group %d: %.2f s%n", TABLES, what, group, (System.nanoTime() - start) / 1e9);
        }
        applier.disconnect();
    }
}
