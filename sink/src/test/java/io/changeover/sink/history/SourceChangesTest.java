package io.changeover.sink.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.contract.ChangeEvent;
import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import io.changeover.sink.apply.StreamApplier;
import io.changeover.sink.group.BufferLimits;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What pipelines stumble over, done on a source, decoded from its WAL, and applied: every transaction by itself, all of
 * them as one group, and in pieces.
 */
@Timeout(300)
class SourceChangesTest {

    private static final int MANY = 1_000_000;
    private static final Pattern TRANSACTION = Pattern.compile("^-- transaction.*$", Pattern.MULTILINE);
    private static final String PATH = "set search_path = public, pg_catalog; ";

    private static HistoryServers servers;
    private static List<ChangeEvent> events;
    private static Map<String, List<String>> source;
    private static Rows rows;

    @BeforeAll
    static void changeTheSource() throws Exception {
        servers = HistoryServers.start(17);
        List<String> transactions = TRANSACTION
                .splitAsStream(HistoryServers.script("changes-transactions.sql"))
                .filter(each -> !each.isBlank())
                .toList();
        try (RecordedSource recorded = servers.newSource()) {
            events = recorded.record(
                    Stream.concat(Stream.of(HistoryServers.script("changes.sql")), transactions.stream())
                            .toList());
            rows = new Rows(recorded.connection());
            source = rows.of(recorded.connection());
        }
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @Test
    void oneByOne() throws Exception {
        applied(new BufferLimits(MANY, MANY, 1 << 30), true);
    }

    @Test
    void asOneGroup() throws Exception {
        assertThat(applied(new BufferLimits(MANY, MANY, 1 << 30), false)).isGreaterThan(20);
    }

    @Test
    void inPieces() throws Exception {
        applied(new BufferLimits(MANY, 50, 1 << 30), false);
    }

    /** Gives how many sets were written. */
    private static long applied(BufferLimits limits, boolean eachByItself) throws Exception {
        ServerSettings settings = servers.newTarget();
        HistoryServers.execute(
                settings, PATH + HistoryServers.script("changes.sql") + HistoryServers.script("changes-target.sql"));
        StreamApplier applier = StreamApplier.open(settings, "changes", limits);
        try (Connection target = Connections.open(settings, "test")) {
            for (int i = 0; i < events.size(); i++) {
                if (applier.isFull()) {
                    applier.apply();
                }
                applier.take(i, List.of(events.get(i)));
                if (eachByItself && events.get(i) instanceof ChangeEvent.End) {
                    applier.apply();
                }
            }
            applier.apply();
            Map<String, List<String>> found = rows.of(target);
            source.forEach(
                    (table, lines) -> assertThat(found.get(table)).as(table).isEqualTo(lines));
        } finally {
            applier.disconnect();
        }
        return applier.writtenSets();
    }
}
