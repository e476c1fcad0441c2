package io.changeover.bench.capture;

import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.util.List;
import java.util.Map;

/** Debezium as it comes, with Kafka's JSON converter as it comes: with schemas. Whatever is not set has its default. */
public final class StockSide implements Side {

    @Override
    public String name() {
        return "stock";
    }

    @Override
    public Map<String, String> config(ServerSettings source, String prefix, String slot) {
        return Map.ofEntries(
                Map.entry("connector.class", "io.debezium.connector.postgresql.PostgresConnector"),
                Map.entry("database.hostname", source.host()),
                Map.entry("database.port", String.valueOf(source.port())),
                Map.entry("database.dbname", source.database()),
                Map.entry("database.user", source.user()),
                Map.entry("database.password", source.password()),
                Map.entry("database.sslmode", source.sslMode()),
                Map.entry("plugin.name", "pgoutput"),
                Map.entry("topic.prefix", prefix),
                Map.entry("slot.name", slot),
                Map.entry("publication.name", CaptureSource.PUBLICATION),
                Map.entry("publication.autocreate.mode", "disabled"),
                Map.entry("snapshot.mode", "no_data"),
                // named here because our worker's default is another: without schemas
                Map.entry("key.converter", "org.apache.kafka.connect.json.JsonConverter"),
                Map.entry("value.converter", "org.apache.kafka.connect.json.JsonConverter"),
                Map.entry("topic.creation.default.partitions", "1"),
                Map.entry("topic.creation.default.replication.factor", "-1"));
    }

    @Override
    public List<String> topics(String prefix, List<TableName> tables) {
        return tables.stream().map(table -> prefix + "." + table).toList();
    }

    @Override
    public RowChanges rowChanges() {
        return new EnvelopeRows();
    }
}
