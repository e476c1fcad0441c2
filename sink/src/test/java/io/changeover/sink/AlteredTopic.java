package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.insert;
import static io.changeover.sink.ChangeTopic.row;
import static io.changeover.sink.ChangeTopic.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.contract.ColumnDefinition;
import io.changeover.contract.ColumnDefinition.Earlier;
import io.changeover.contract.TableDefinition;
import io.changeover.postgres.ServerSettings;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.errors.RetriableException;

/**
 * A topic of a table of which two columns swap names, and which gets another one then. By their names alone, values
 * would go to wrong columns without an error.
 */
final class AlteredTopic {

    private static final ColumnDefinition ID = column(1, "id", "integer");

    private AlteredTopic() {}

    static void createTables(TargetDatabase target) throws SQLException {
        target.execute("create table public.t (id int primary key, a text, b text)");
    }

    /** What was done to the source. */
    static void alter(TargetDatabase target) throws SQLException {
        target.execute("alter table public.t rename a to x; alter table public.t rename b to a;"
                + " alter table public.t rename x to b; alter table public.t add c text");
    }

    static ChangeTopic records() {
        return new ChangeTopic()
                .transaction(
                        10,
                        definition(ID, column(2, "a", "text"), column(3, "b", "text")),
                        insert("t", "id", "1", "a", "second", "b", "third"),
                        insert("t", "id", "2", "a", "second", "b", "third"))
                .transaction(
                        20,
                        definition(ID, column(2, "b", "text"), column(3, "a", "text")),
                        insert("t", "id", "3", "b", "second", "a", "third"),
                        update("t", row("id", "1"), "id", "1", "b", "second", "a", "changed"))
                .transaction(
                        30,
                        definition(ID, column(2, "b", "text"), column(3, "a", "text"), column(4, "c", "text")),
                        insert("t", "id", "4", "b", "second", "a", "third", "c", "fourth"));
    }

    /**
     * Applies it to the end, a transaction at a time.
     *
     * @throws RetriableException if the target does not fit; the task would wait until it does
     */
    static void follow(ServerSettings target) {
        ChangeTopic topic = records();
        try (RunningSink sink = new RunningSink(target, "batch.size", "1", "retry.backoff.ms", "5")) {
            while (sink.committedOffset() < topic.end()) {
                Optional<RetriableException> failure = sink.iterate(topic, 3);
                if (failure.isPresent()
                        && String.valueOf(failure.get().getMessage()).contains("CO-2062")) {
                    throw failure.get();
                }
            }
        }
    }

    static void assertApplied(TargetDatabase target) throws SQLException {
        assertThat(target.query("select id, b, a, c from public.t order by id"))
                .containsExactly(
                        "1|second|changed|null", "2|second|third|null", "3|second|third|null", "4|second|third|fourth");
        assertThat(target.query("select number, column_name, target_number from changeover.definitions order by place"))
                .containsExactly("1|id|1", "2|b|2", "3|a|3", "4|c|4");
        assertThat(target.query("select inserts, updates from changeover.counters"))
                .containsExactly("4|1");
        assertThat(target.query("select transactions, topic_offset from changeover.streams"))
                .containsExactly("3|" + records().end());
        assertThat(target.query("select * from changeover.quarantine")).isEmpty();
    }

    private static ChangeEvent definition(ColumnDefinition... columns) {
        return new ChangeEvent.Definition(new TableDefinition(ChangeTopic.name("t"), 77, List.of(columns)));
    }

    private static ColumnDefinition column(int number, String name, String type) {
        return new ColumnDefinition(number, name, type, number == 1, Earlier.NULL, "");
    }
}
