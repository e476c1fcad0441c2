package io.changeover.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.e2e.Databases;
import io.changeover.e2e.Servers;
import io.changeover.e2e.StackExtension;
import io.changeover.postgres.Connections;
import io.changeover.postgres.TableName;
import io.changeover.spec.TableSelection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(StackExtension.class)
class ScopeTest {

    private static final String[] SOURCE = {
        "create table public.kept (id serial primary key)",
        "create table public.gone (id serial primary key, v int unique)",
        "create table public.child (id int primary key, gone int constraint to_gone references public.gone,"
                + " kept int constraint to_kept references public.kept)",
        "create table public.parts (id int, k int) partition by range (k)",
        "create table public.part_of partition of public.parts for values from (0) to (9) partition by range (id)",
        "create table public.leaf partition of public.part_of for values from (0) to (9)",
        "create table public.heir () inherits (public.gone)",
        "create table public.holder (x public.gone[])",
        "create view public.reader as select id from public.gone",
        "create materialized view public.rereader as select id from public.reader",
        "create view public.other as select id from public.kept",
        "create schema \"S\"",
        "create table \"S\".\"T.t\" (id int primary key)"
    };

    @Test
    void everythingIsThereWithoutASelection(Databases databases) throws Exception {
        Scope scope = scope(databases, TableSelection.ALL);

        assertThat(scope.hasRows(table("gone"))).isTrue();
        assertThat(scope.notDumped()).isEmpty();
        assertThat(scope.leavesOut("public.gone")).isFalse();
        assertThat(scope.copiesForeignKey(table("child"), "to_gone")).isTrue();
    }

    @Test
    void partitionsGoWithTheirRoot(Databases databases) throws Exception {
        Scope scope = scope(databases, selection(List.of("public.parts", "\"S\".*"), List.of(), List.of(), List.of()));

        assertThat(scope.hasRows(table("leaf"))).isTrue();
        assertThat(scope.hasRows(new TableName("S", "T.t"))).isTrue();
        assertThat(scope.hasRows(table("kept"))).isFalse();
        Scope without = scope(databases, selection(List.of(), List.of("public.parts"), List.of(), List.of()));
        assertThat(without.notDumped()).contains(table("parts"), table("part_of"), table("leaf"));
        assertThat(without.hasRows(table("kept"))).isTrue();
        TableSelection ofPartitions = selection(List.of(), List.of("public.leaf"), List.of(), List.of());
        Scope byPartition = scope(databases, ofPartitions);
        assertThat(byPartition.hasRows(table("leaf"))).isTrue();
        assertThat(byPartition.unmatched(ofPartitions)).containsExactly("public.leaf");
    }

    @Test
    void whatCannotBeWithoutATableIsKnown(Databases databases) throws Exception {
        Scope scope = scope(databases, selection(List.of(), List.of("public.gone"), List.of(), List.of()));

        assertThat(scope.viewsLeftOut()).containsExactly(table("reader"), table("rereader"));
        assertThat(scope.notDumped())
                .containsExactlyInAnyOrder(table("gone"), table("gone_id_seq"), table("reader"), table("rereader"));
        assertThat(scope.foreignKeysLeftOut()).containsExactly(new Scope.Key(table("child"), "to_gone", table("gone")));
        assertThat(scope.copiesForeignKey(table("child"), "to_kept")).isTrue();
        assertThat(scope.torn())
                .containsExactly(
                        new Scope.Needed(table("heir"), table("gone")),
                        new Scope.Needed(table("holder"), table("gone")));
        assertThat(List.of(
                        "public.gone",
                        "public.gone.v",
                        "public.gone_pkey",
                        "public.gone_id_seq",
                        "public.reader",
                        "public.child.to_gone"))
                .allMatch(scope::leavesOut);
        assertThat(List.of("public.child", "public.child.to_kept", "public.gones", "public.other", "public.kept"))
                .noneMatch(scope::leavesOut);
        assertThat(scope.leavesOut(table("gone_id_seq"))).isTrue();
        assertThat(scope.leavesOut(table("kept_id_seq"))).isFalse();
    }

    @Test
    void rowsAndStructureAreLeftOutByThemselves(Databases databases) throws Exception {
        Scope scope =
                scope(databases, selection(List.of(), List.of(), List.of("public.gone"), List.of("public.child")));

        assertThat(scope.hasRows(table("gone"))).isFalse();
        assertThat(scope.hasStructure(table("gone"))).isTrue();
        assertThat(scope.hasRows(table("child"))).isTrue();
        assertThat(scope.notDumped()).containsExactly(table("child"));
        assertThat(scope.rowsOnly()).containsExactly(table("child"));
        assertThat(scope.viewsLeftOut()).isEmpty();
        assertThat(scope.torn()).isEmpty();
        assertThat(scope.copiesForeignKey(table("child"), "to_kept")).isFalse();
        assertThat(scope.leavesToTarget("public.child.to_kept")).isTrue();
        Scope structure = scope(databases, selection(List.of(), List.of(), List.of("public.gone"), List.of()));
        assertThat(structure.foreignKeysLeftOut()).extracting(Scope.Key::name).containsExactly("to_gone");
        Scope both =
                scope(databases, selection(List.of(), List.of(), List.of("public.gone", "public.child"), List.of()));
        assertThat(both.foreignKeysLeftOut()).isEmpty();
    }

    private static TableName table(String name) {
        return new TableName("public", name);
    }

    private static TableSelection selection(
            List<String> include, List<String> exclude, List<String> structureOnly, List<String> rowsOnly) {
        return new TableSelection(include, exclude, structureOnly, rowsOnly);
    }

    private static Scope scope(Databases databases, TableSelection selection) throws SQLException {
        if (databases.askSource("select 1 from pg_class where relname = 'kept'").isEmpty()) {
            databases.onSource(SOURCE);
        }
        try (Connection source = Connections.open(databases.source(Servers.MIGRATOR), "test")) {
            return Scope.read(source, selection);
        }
    }
}
