package io.changeover.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.changeover.contract.DefinitionText;
import io.changeover.ledger.LoadLedger;
import io.changeover.postgres.TableName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A record of a load topic. Header {@code kind} says which; header {@code run} tells the copies of a table apart, of
 * which one that was begun again has several. Rows are bytes of COPY's text form, cut anywhere; all else is JSON. The
 * key is the table, so that a copy's records are in one partition, in order.
 */
sealed interface TopicMessage {

    /** Tables that will come. */
    record Queue(List<LoadLedger.Entry> tables) implements TopicMessage {

        public Queue {
            tables = List.copyOf(tables);
        }
    }

    /**
     * A copy of a table begins.
     *
     * @param columns that the rows have, in this order
     * @param snapshot which transactions the copy sees
     * @param readAt the source's WAL position after the snapshot was taken
     * @param definition of the table in the snapshot; an older reader of the source does not tell it
     */
    record Begin(
            String run,
            LoadLedger.Entry table,
            List<String> columns,
            String snapshot,
            LogSequenceNumber readAt,
            CopiedDefinition definition)
            implements TopicMessage {

        public Begin {
            columns = List.copyOf(columns);
        }
    }

    /**
     * A piece of its rows.
     *
     * @param number from 1, without a gap
     */
    record Rows(String run, TableName table, long number, ByteBuffer bytes) implements TopicMessage {}

    /**
     * A copy is complete.
     *
     * @param pieces how many
     */
    record End(String run, TableName table, long pieces, long rows, long bytes) implements TopicMessage {}

    /** For JSON. */
    ObjectMapper JSON = new ObjectMapper();

    /**
     * As the topic has it.
     *
     * @param partition of the source's offsets
     * @param offset stored with it
     */
    default SourceRecord toRecord(String topic, Map<String, ?> partition, Map<String, ?> offset) {
        ConnectHeaders headers = new ConnectHeaders();
        String key;
        byte[] value;
        if (this instanceof Queue queue) {
            key = "queue";
            headers.addString("kind", "queue");
            ArrayNode tables = JSON.createArrayNode();
            queue.tables().forEach(entry -> tables.add(json(entry)));
            value = json(JSON.createObjectNode().set("tables", tables));
        } else if (this instanceof Begin begin) {
            key = begin.table().table().quoted();
            about(headers, "begin", begin.run());
            ObjectNode json = json(begin.table());
            begin.columns().forEach(json.putArray("columns")::add);
            json.put("snapshot", begin.snapshot()).put("readAt", begin.readAt().asString());
            begin.definition().source().map(DefinitionText::write).ifPresent(text -> json.put("definition", text));
            value = json(json);
        } else if (this instanceof Rows rows) {
            key = rows.table().quoted();
            about(headers, "rows", rows.run());
            headers.addString("number", String.valueOf(rows.number()));
            name(headers, rows.table());
            value = Utils.toArray(rows.bytes());
        } else if (this instanceof End end) {
            key = end.table().quoted();
            about(headers, "end", end.run());
            name(headers, end.table());
            value = json(JSON.createObjectNode()
                    .put("pieces", end.pieces())
                    .put("rows", end.rows())
                    .put("bytes", end.bytes()));
        } else {
            throw new IllegalStateException("no such message");
        }
        return new SourceRecord(
                partition, offset, topic, null, Schema.STRING_SCHEMA, key, Schema.BYTES_SCHEMA, value, null, headers);
    }

    /**
     * From what the topic has.
     *
     * @throws DataException if it is no record of a load topic
     */
    static TopicMessage of(SinkRecord message) {
        if (!(message.value() instanceof byte[] value)) {
            throw new DataException(
                    "No record of a load topic: its value is not bytes; use Kafka's ByteArrayConverter");
        }
        String kind = header(message, "kind");
        if (kind.equals("queue")) {
            List<LoadLedger.Entry> tables = new ArrayList<>();
            tree(value).path("tables").forEach(each -> tables.add(entry(each)));
            return new Queue(tables);
        }
        String run = header(message, "run");
        if (kind.equals("begin")) {
            JsonNode json = tree(value);
            List<String> columns = new ArrayList<>();
            json.path("columns").forEach(each -> columns.add(each.asText()));
            return new Begin(
                    run,
                    entry(json),
                    columns,
                    json.path("snapshot").asText(),
                    LogSequenceNumber.valueOf(json.path("readAt").asText()),
                    new CopiedDefinition(Optional.of(json.path("definition").asText(""))
                            .filter(text -> !text.isEmpty())
                            .map(DefinitionText::read)));
        }
        TableName table = new TableName(header(message, "schema"), header(message, "table"));
        if (kind.equals("rows")) {
            return new Rows(run, table, Long.parseLong(header(message, "number")), ByteBuffer.wrap(value));
        }
        if (kind.equals("end")) {
            JsonNode json = tree(value);
            return new End(
                    run,
                    table,
                    json.path("pieces").asLong(),
                    json.path("rows").asLong(),
                    json.path("bytes").asLong());
        }
        throw new DataException("No record of a load topic: its kind is " + kind);
    }

    private static void about(ConnectHeaders headers, String kind, String run) {
        headers.addString("kind", kind);
        headers.addString("run", run);
    }

    private static void name(ConnectHeaders headers, TableName table) {
        headers.addString("schema", table.schema());
        headers.addString("table", table.name());
    }

    private static String header(SinkRecord message, String name) {
        @Nullable Header header = message.headers().lastWithName(name);
        if (header == null || header.value() == null) {
            throw new DataException("No record of a load topic: it has no header " + name
                    + "; header.converter must be Kafka's StringConverter");
        }
        return header.value().toString();
    }

    private static ObjectNode json(LoadLedger.Entry entry) {
        return JSON.createObjectNode()
                .put("schema", entry.table().schema())
                .put("table", entry.table().name())
                .put("estimatedRows", entry.estimatedRows())
                .put("estimatedBytes", entry.estimatedBytes());
    }

    private static LoadLedger.Entry entry(JsonNode json) {
        return new LoadLedger.Entry(
                new TableName(json.path("schema").asText(), json.path("table").asText()),
                json.path("estimatedRows").asLong(),
                json.path("estimatedBytes").asLong());
    }

    /** Maps, lists, texts and numbers as JSON. */
    static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("It cannot be JSON", e);
        }
    }

    private static JsonNode tree(byte[] value) {
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            throw new DataException("No record of a load topic: its value is not JSON", e);
        }
    }
}
