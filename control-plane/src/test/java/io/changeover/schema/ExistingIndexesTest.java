package io.changeover.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.e2e.Databases;
import io.changeover.e2e.Servers;
import io.changeover.e2e.StackExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(StackExtension.class)
class ExistingIndexesTest {

    private static final String INDEXES =
            "select indexdef, obj_description(format('%I.%I', schemaname, indexname)::regclass)"
                    + " from pg_indexes where schemaname not in ('pg_catalog', 'changeover') order by 1";

    private static final String[] TARGET = {
        "create table public.t (id int primary key, v text, w int unique, r int)",
        "create index plain on public.t (v)",
        "comment on index public.plain is 'it''s \\ commented'",
        "create unique index \"Odd \"\"name\" on public.t (lower(v), w) where w > 0",
        "create index with_options on public.t using gist (point(id, w)) with (fillfactor = 70)",
        "create unique index referred on public.t (r)",
        "create index expression on public.t ((id + 1))",
        "alter index public.expression alter column 1 set statistics 300",
        "create table public.child (r int references public.t (r))",
        "create index of_child on public.child (r)",
        "create table public.other (v int)",
        "create index of_other on public.other (v)",
        "create table public.parted (id int) partition by range (id)",
        "create table public.part partition of public.parted default",
        "create index of_parted on public.parted (id)",
        "create table public.clustered (v int)",
        "create index by_v on public.clustered (v)",
        "alter table public.clustered cluster on by_v"
    };

    @Test
    void thoseThatCanBePutBackAreDroppedAndMadeAgain(Databases databases) throws Exception {
        databases.onTarget(TARGET);
        List<String> before = databases.askTarget(INDEXES);
        ExistingIndexes indexes = indexes(databases, Duration.ofSeconds(10));

        assertThat(indexes.drop(table -> !table.name().equals("other"))).isEqualTo(4);
        assertThat(indexes.drop(table -> !table.name().equals("other"))).isZero();
        assertThat(databases.askTarget("select index_name from changeover.dropped_indexes order by 1"))
                .containsExactly("public.\"Odd \"\"name\"", "public.of_child", "public.plain", "public.with_options");
        assertThat(databases.askTarget(INDEXES)).hasSize(before.size() - 4);

        indexes.rebuild(2);
        indexes.rebuild(2);
        assertThat(databases.askTarget(INDEXES)).isEqualTo(before);
        assertThat(databases.askTarget("select * from changeover.dropped_indexes"))
                .isEmpty();
    }

    @Test
    void oneThatTheRowsViolateIsNamedAndTheOthersAreMade(Databases databases) throws Exception {
        databases.onTarget(TARGET);
        ExistingIndexes indexes = indexes(databases, Duration.ofSeconds(10));
        indexes.drop(table -> true);
        databases.onTarget(
                "insert into public.t values (1, 'a', 1, 1), (2, 'A', 2, 2)",
                "alter table public.t drop" + " constraint t_w_key, add column x int",
                "update public.t set w = 1");

        assertThatThrownBy(() -> indexes.rebuild(2))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining("Odd")
                .hasMessageContaining("could not create unique index");
        assertThat(databases.askTarget("select index_name from changeover.dropped_indexes"))
                .containsExactly("public.\"Odd \"\"name\"");

        databases.onTarget("update public.t set w = id");
        indexes.rebuild(2);
        assertThat(databases.askTarget("select * from changeover.dropped_indexes"))
                .isEmpty();
    }

    @Test
    void aLockThatIsNotToBeHadLeavesTheIndexAndNoRecord(Databases databases) throws Exception {
        databases.onTarget(TARGET);
        try (Connection reader = Databases.plain(databases.target(Servers.MIGRATOR));
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("select * from public.t");

            assertThatThrownBy(() -> indexes(databases, Duration.ofMillis(300))
                            .drop(table -> table.name().equals("t")))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("public.t on the target could not be dropped");
        }
        assertThat(databases.askTarget("select * from changeover.dropped_indexes"))
                .isEmpty();
        assertThat(databases.askTarget("select to_regclass('public.plain') is not null"))
                .containsExactly("t");
    }

    private static ExistingIndexes indexes(Databases databases, Duration patience) {
        return new ExistingIndexes(databases.target(Servers.MIGRATOR), patience);
    }
}
