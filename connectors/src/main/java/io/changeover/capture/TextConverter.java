package io.changeover.capture;

import io.debezium.connector.postgresql.UnchangedToastedReplicationMessageColumn;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.util.Properties;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Makes every column a string: the text that {@link RawTextMessage} took from the server, untouched. Registered for all
 * columns, it also brings in those of types that Debezium leaves out.
 */
public final class TextConverter implements CustomConverter<SchemaBuilder, RelationalColumn> {

    /**
     * Stands for a column that was not sent. It is compared by identity, so that no user value can equal it, and never
     * leaves the task.
     */
    @SuppressWarnings({"StringOperationCanBeSimplified", "StringCopy"})
    static final String UNSENT = new String("unsent");

    @Override
    public void configure(Properties properties) {}

    @Override
    public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
        registration.register(SchemaBuilder.string().optional(), TextConverter::text);
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        // Row values are strings. Debezium also asks for the column's default, as an object of its own; nobody reads
        // it.
        return UnchangedToastedReplicationMessageColumn.isUnchangedToastedValue(value) ? UNSENT : value.toString();
    }
}
