package io.changeover.sink;

import static io.changeover.sink.ChangeTopic.insert;
import static io.changeover.sink.ChangeTopic.truncate;
import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.ledger.Ledger;
import io.changeover.ledger.LoadLedger;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.replication.LogSequenceNumber;

/** Tables that were truncated together, while what the target has of them is not of the same age. */
@Timeout(60)
class TruncatedTablesTest {

    private TargetDatabase target;
    private final ChangeTopic topic = new ChangeTopic();

    @BeforeEach
    void createTables() throws SQLException {
        target = TargetDatabase.create();
        target.execute("create table public.parent (id int primary key, v text)");
        target.execute("create table public.child (id int primary key, parent int references public.parent)");
        Ledger.create(target.connection());
    }

    @AfterEach
    void closeDatabase() throws SQLException {
        target.close();
    }

    /** The copy of one was made after the truncate, and has what came after it; that of the other one before. */
    @Test
    void theTableWithTheNewerCopyKeepsItsRows() throws Exception {
        loaded("parent", "100:100:");
        loaded("child", "110:110:");
        target.execute("insert into public.parent values (1, 'goes'); insert into public.child values (7, null)");
        topic.transaction(104, insert("parent", "id", "2", "v", "goes"), truncate("parent"), truncate("child"))
                .transaction(105, insert("parent", "id", "7", "v", "stays"), insert("child", "id", "7", "parent", "7"))
                .transaction(120, insert("child", "id", "8", "parent", "7"));

        apply();

        assertThat(target.query("select id, v from public.parent")).containsExactly("7|stays");
        assertThat(target.query("select id from public.child order by id")).containsExactly("7", "8");
    }

    /** A foreign key that came while the task ran: the server would refuse to truncate what it refers to. */
    @Test
    void aForeignKeyThatCameMeanwhileIsNoticed() throws Exception {
        target.execute("create table public.late (id int primary key, parent int)");
        try (RunningSink sink = new RunningSink(target.settings())) {
            sink.put(topic.transaction(10, insert("parent", "id", "1", "v", "a"), truncate("parent"))
                    .all());
            target.execute("alter table public.late add foreign key (parent) references public.parent");
            long next = topic.end();
            sink.put(topic.transaction(20, insert("parent", "id", "2", "v", "b"), truncate("parent"), truncate("child"))
                    .from(next));
        }

        assertThat(target.query("select id from public.parent")).isEmpty();
    }

    private void loaded(String table, String snapshot) throws SQLException {
        LoadLedger.enqueue(target.connection(), List.of(new LoadLedger.Entry(ChangeTopic.name(table), 1, 1)));
        LoadLedger.finish(
                target.connection(), ChangeTopic.name(table), 1, 1, snapshot, LogSequenceNumber.valueOf(1000));
    }

    private void apply() {
        try (RunningSink sink = new RunningSink(target.settings())) {
            sink.put(topic.all());
        }
    }
}
