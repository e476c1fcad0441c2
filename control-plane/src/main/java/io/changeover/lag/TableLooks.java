package io.changeover.lag;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.changeover.contract.LoadProgress;
import io.changeover.contract.TableCounts;
import io.changeover.kafka.KafkaClients;
import io.changeover.ledger.LoadLedger;
import io.changeover.ledger.StreamLedger;
import io.changeover.migration.Names;
import io.changeover.postgres.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the tables of a pair. To read ten thousand of them takes a tenth of a second: it rests so long after each
 * look that looking takes a twentieth of the time at most. Not thread-safe.
 */
final class TableLooks implements AutoCloseable {

    private static final int REST = 20;
    private static final Duration PROGRESS_BUDGET = Duration.ofMillis(50);
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private final ObjectMapper json = new ObjectMapper();
    private final KafkaClients kafka;
    private final Names names;
    private final InstantSource clock;
    private final Map<TableName, LoadingTable> loading = new HashMap<>();
    private final Rate rows = new Rate();
    private final Rate bytes = new Rate();
    private @Nullable TopicTail progress;
    private Instant next = Instant.EPOCH;
    private List<TableProgress> last = List.of();
    private LoadSpeed speed = LoadSpeed.NONE;

    TableLooks(KafkaClients kafka, Names names, InstantSource clock) {
        this.kafka = kafka;
        this.names = names;
        this.clock = clock;
    }

    /**
     * Looks, if it has rested long enough.
     *
     * @param captured what is pending; empty if that is not known
     */
    void look(Connection target, Optional<ChangeCount> captured) throws SQLException {
        Instant began = clock.instant();
        if (began.isBefore(next)) {
            return;
        }
        Map<TableName, TableCounts> applied = StreamLedger.counts(target, names.changeTopic()).stream()
                .collect(Collectors.toMap(TableCounts::table, Function.identity()));
        last = LoadLedger.states(target).stream()
                .map(state -> table(state, applied, captured))
                .toList();
        speed = speed(last, began);
        next = began.plus(Duration.between(began, clock.instant()).multipliedBy(REST));
    }

    /** As they were at the last look, in order of name. */
    List<TableProgress> last() {
        return last;
    }

    /** How fast all of them come. */
    LoadSpeed speed() {
        return speed;
    }

    /** Reads what the loaders say. */
    void readLoadProgress() {
        TopicTail tail = progress;
        if (tail == null) {
            tail = new TopicTail(kafka, names.progressTopic(), 0);
            progress = tail;
        }
        tail.drain(PROGRESS_BUDGET, message -> {
            LoadProgress read = decode(message.value());
            if (read.part() == 0 && read.done()) {
                return; // the ledger says so as well, and knows when the table is loaded again
            }
            loading.computeIfAbsent(read.table(), table -> new LoadingTable()).add(read);
        });
    }

    /** Has it read anew, with a client that is made anew. */
    void forgetTopic() {
        close();
        progress = null;
        loading.clear();
    }

    private LoadProgress decode(byte[] value) {
        try {
            return LoadProgress.of(json.readValue(value, MAP));
        } catch (IOException e) {
            throw new UncheckedIOException("A record of the progress topic is not readable", e);
        }
    }

    private TableProgress table(
            LoadLedger.State state, Map<TableName, TableCounts> applied, Optional<ChangeCount> captured) {
        TableName table = state.table();
        TableCounts done = applied.getOrDefault(table, TableCounts.none(table));
        long pending = captured.map(changes -> changes.pending(table)).orElse(0L);
        if (state.done()) {
            loading.remove(table);
        }
        Optional<LoadingTable> live = Optional.ofNullable(loading.get(table));
        Optional<Rate> rate = live.map(each -> each.rate(clock.instant()));
        long rows = live.map(LoadingTable::rows).orElse(state.rows());
        return new TableProgress(
                table,
                live.isPresent() ? TableProgress.LoadState.LOADING : loadState(state),
                state.estimatedRows(),
                rows,
                live.map(LoadingTable::bytes).orElse(state.bytes()),
                rate.map(Rate::perSecond).orElse(0.0),
                rate.flatMap(each -> each.timeFor(state.estimatedRows() - rows)),
                state.parts(),
                state.partsDone(),
                state.error(),
                done,
                pending);
    }

    /** By rows, which the source has estimates of; a table that was never analyzed counts as empty until it comes. */
    private LoadSpeed speed(List<TableProgress> tables, Instant now) {
        rows.look(now, tables.stream().mapToLong(TableProgress::rows).sum());
        bytes.look(now, tables.stream().mapToLong(TableProgress::bytes).sum());
        long rest = tables.stream()
                .filter(table -> table.state() == TableProgress.LoadState.WAITING
                        || table.state() == TableProgress.LoadState.LOADING)
                .mapToLong(table -> Math.max(0, table.estimatedRows() - table.rows()))
                .sum();
        return rest == 0 ? LoadSpeed.NONE : new LoadSpeed(rows.perSecond(), bytes.perSecond(), rows.timeFor(rest));
    }

    private static TableProgress.LoadState loadState(LoadLedger.State state) {
        if (!state.done()) {
            return TableProgress.LoadState.WAITING;
        }
        return state.followed() ? TableProgress.LoadState.LOADED : TableProgress.LoadState.CATCHING_UP;
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
        }
    }
}
