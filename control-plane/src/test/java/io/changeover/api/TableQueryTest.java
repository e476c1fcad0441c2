package io.changeover.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.contract.TableCounts;
import io.changeover.lag.TableProgress;
import io.changeover.lag.TableProgress.LoadState;
import io.changeover.postgres.TableName;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableQueryTest {

    @ParameterizedTest
    @ValueSource(strings = {"table", "-table", "state", "rows", "-rows", "-activity", "pending", "-inserts"})
    void pagesTogetherAreTheWholeListInItsOrder(String sort) {
        List<TableProgress> tables = many();

        List<TableName> paged = new ArrayList<>();
        Optional<TableCursor> next = Optional.empty();
        do {
            Map<String, String> parameters = next.<Map<String, String>>map(
                            cursor -> Map.of("sort", sort, "limit", "7", "cursor", cursor.text()))
                    .orElse(Map.of("sort", sort, "limit", "7"));
            TableQuery.Page page = query(parameters).of(tables);
            assertThat(page.tables()).hasSizeLessThanOrEqualTo(7).isNotEmpty();
            page.tables().forEach(table -> paged.add(table.table()));
            next = page.next();
        } while (next.isPresent());

        assertThat(paged).isEqualTo(names(query(Map.of("sort", sort)).of(tables)));
        assertThat(paged)
                .containsExactlyInAnyOrderElementsOf(
                        tables.stream().map(TableProgress::table).toList());
    }

    @Test
    void minusIsTheLargestFirst() {
        List<TableProgress> tables = List.of(
                table("a", LoadState.LOADED, 1), table("b", LoadState.LOADED, 3), table("c", LoadState.LOADED, 2));

        assertThat(names(query(Map.of("sort", "-rows")).of(tables)))
                .extracting(TableName::name)
                .containsExactly("b", "c", "a");
        assertThat(names(query(Map.of("sort", "rows")).of(tables)))
                .extracting(TableName::name)
                .containsExactly("a", "c", "b");
        assertThat(names(query(Map.of("sort", "-table")).of(tables)))
                .extracting(TableName::name)
                .containsExactly("c", "b", "a");
    }

    @Test
    void tablesAreFoundByStateAndByAPartOfTheName() {
        List<TableProgress> tables = List.of(
                table("orders", LoadState.LOADED, 1),
                table("Order_lines", LoadState.LOADING, 1),
                table("people", LoadState.WAITING, 1));

        assertThat(names(query(Map.of("q", "ORDER")).of(tables)))
                .extracting(TableName::name)
                .containsExactly("Order_lines", "orders");
        assertThat(names(query(Map.of("state", "loading,waiting")).of(tables)))
                .extracting(TableName::name)
                .containsExactly("Order_lines", "people");
        assertThat(names(query(Map.of("state", "loaded", "q", "public.o")).of(tables)))
                .extracting(TableName::name)
                .containsExactly("orders");
    }

    @Test
    void lastPageThatIsFullNamesNoOther() {
        List<TableProgress> tables = List.of(table("a", LoadState.LOADED, 1), table("b", LoadState.LOADED, 1));

        assertThat(query(Map.of("limit", "2")).of(tables).next()).isEmpty();
        assertThat(query(Map.of("limit", "1")).of(tables).next()).isPresent();
        assertThat(query(Map.of()).of(tables).next()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "state, running, state",
        "sort, size, sort",
        "sort, --rows, sort",
        "limit, 0, limit",
        "limit, -1, limit",
        "limit, 10001, limit",
        "limit, 99999999999, limit",
        "limit, ten, limit",
        "cursor, abc, cursor",
        "cursor, %%%, cursor",
        "page, 2, page"
    })
    void whatIsWrongIsNamed(String name, String value, String named) {
        assertThatThrownBy(() -> query(Map.of(name, value)))
                .isInstanceOfSatisfying(
                        WebApplicationException.class,
                        e -> assertThat(e.getResponse().getStatus()).isEqualTo(400))
                .hasMessageContaining(named);
    }

    @Test
    void cursorOfAnotherOrderIsRefused() {
        List<TableProgress> tables = List.of(table("a", LoadState.LOADED, 1), table("b", LoadState.LOADED, 1));
        String cursor =
                query(Map.of("limit", "1")).of(tables).next().orElseThrow().text();

        assertThatThrownBy(() -> query(Map.of("cursor", cursor, "sort", "-rows")))
                .hasMessageContaining("sort=table");
    }

    @Test
    void whatCannotBeLoadedIsMostActive() {
        TableProgress failing = new TableProgress(
                new TableName("public", "failing"),
                LoadState.WAITING,
                0,
                0,
                0,
                0,
                Optional.empty(),
                0,
                0,
                Optional.of("23505"),
                TableCounts.none(new TableName("public", "failing")),
                0);

        assertThat(names(query(Map.of("sort", "-activity"))
                        .of(List.of(
                                table("large", LoadState.LOADED, 9_000_000),
                                table("now", LoadState.LOADING, 1),
                                failing))))
                .extracting(TableName::name)
                .containsExactly("failing", "now", "large");
    }

    private static List<TableProgress> many() {
        Random random = new Random(1);
        List<TableProgress> tables = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            tables.add(
                    table("t" + i, LoadState.values()[random.nextInt(LoadState.values().length)], random.nextInt(5)));
        }
        return tables;
    }

    private static TableProgress table(String name, LoadState state, long rows) {
        TableName table = new TableName("public", name);
        return new TableProgress(
                table,
                state,
                rows,
                rows,
                rows,
                0,
                Optional.empty(),
                0,
                0,
                Optional.empty(),
                new TableCounts(table, rows % 3, 0, 0, 0),
                rows % 2);
    }

    private static TableQuery query(Map<String, String> parameters) {
        return TableQuery.parse(new MultivaluedHashMap<>(parameters));
    }

    private static List<TableName> names(TableQuery.Page page) {
        return page.tables().stream().map(TableProgress::table).toList();
    }
}
