package io.changeover.capture;

import io.debezium.connector.postgresql.PostgresStreamingChangeEventSource.PgConnectionSupplier;
import io.debezium.connector.postgresql.PostgresType;
import io.debezium.connector.postgresql.connection.ReplicationMessage;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A row change whose columns give the text that PostgreSQL sent, instead of what Debezium parses from it: intervals
 * beyond int32 hours, money in any locale and dates before Christ pass.
 */
final class RawTextMessage implements ReplicationMessage {

    private final ReplicationMessage message;
    private final @Nullable List<Column> before;
    private final @Nullable List<Column> after;

    private RawTextMessage(ReplicationMessage message) {
        this.message = message;
        this.before = raw(message.getOldTupleList());
        this.after = raw(message.getNewTupleList());
    }

    /** Wraps row changes; other messages are what they were. */
    static ReplicationMessage of(ReplicationMessage message) {
        return switch (message.getOperation()) {
            case INSERT, UPDATE, DELETE -> new RawTextMessage(message);
            case TRUNCATE, MESSAGE, BEGIN, COMMIT, NOOP, ORIGIN -> message;
        };
    }

    private static @Nullable List<Column> raw(@Nullable List<Column> columns) {
        return columns == null
                ? null
                : columns.stream()
                        .map(column -> column.isToastedColumn() ? column : new RawTextColumn(column))
                        .toList();
    }

    @Override
    public Operation getOperation() {
        return message.getOperation();
    }

    @Override
    public Instant getCommitTime() {
        return message.getCommitTime();
    }

    @Override
    public OptionalLong getTransactionId() {
        return message.getTransactionId();
    }

    @Override
    public String getTable() {
        return message.getTable();
    }

    @Override
    @SuppressWarnings("NullAway") // Debezium's contract: null for an insert
    public List<Column> getOldTupleList() {
        return before;
    }

    @Override
    @SuppressWarnings("NullAway") // Debezium's contract: null for a delete
    public List<Column> getNewTupleList() {
        return after;
    }

    @Override
    public boolean isLastEventForLsn() {
        return message.isLastEventForLsn();
    }

    @Override
    public boolean shouldSchemaBeSynchronized() {
        return message.shouldSchemaBeSynchronized();
    }

    @Override
    public boolean isSkippedMessage() {
        return message.isSkippedMessage();
    }

    /**
     * A column with the text that was sent. The decoder keeps it to itself, except in the column's {@code toString()}:
     * {@code name(type)=text}, and something else for NULL.
     */
    private record RawTextColumn(Column column, @Nullable String text) implements Column {

        RawTextColumn(Column column) {
            this(column, textOf(column));
        }

        private static @Nullable String textOf(Column column) {
            String shown = column.toString();
            String start = column.getName() + "(";
            if (!shown.startsWith(start)) {
                return null;
            }
            return shown.substring(shown.indexOf(")=", start.length()) + 2);
        }

        @Override
        public String getName() {
            return column.getName();
        }

        @Override
        public PostgresType getType() {
            return column.getType();
        }

        @Override
        public ColumnTypeMetadata getTypeMetadata() {
            return column.getTypeMetadata();
        }

        @Override
        @SuppressWarnings("NullAway") // Debezium's contract: null is NULL
        public Object getValue(PgConnectionSupplier connection, boolean includeUnknownDatatypes) {
            return text;
        }

        @Override
        public boolean isOptional() {
            return column.isOptional();
        }
    }
}
