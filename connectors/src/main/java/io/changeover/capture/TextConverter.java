package io.changeover.capture;

import io.debezium.data.SpecialValueDecimal;
import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.Properties;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Makes every column of Debezium's snapshot a string: the text that {@link TextSnapshotQuery} selected. Registered for
 * all columns, it also brings in those of types that Debezium leaves out. Of a few types Debezium has made an object of
 * the text before it comes here; each of them can be written as it was.
 */
public final class TextConverter implements CustomConverter<SchemaBuilder, RelationalColumn> {

    @Override
    public void configure(Properties properties) {}

    @Override
    public void converterFor(RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
        registration.register(SchemaBuilder.string().optional(), TextConverter::text);
    }

    /**
     * Numbers come as {@link SpecialValueDecimal}, money, also as a domain, as {@link BigDecimal}. Debezium also asks
     * for the column's default, as an object of its own; nobody reads that.
     */
    private static @Nullable String text(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof SpecialValueDecimal number) {
            return number(number);
        }
        return value instanceof BigDecimal money ? money(money) : value.toString();
    }

    private static String number(SpecialValueDecimal number) {
        if (number.getDecimalValue().isPresent()) {
            return number.getDecimalValue().get().toPlainString();
        }
        double special = number.toDouble();
        return Double.isNaN(special) ? "NaN" : special > 0 ? "Infinity" : "-Infinity";
    }

    /** As PostgreSQL does with {@code lc_monetary = 'C'}. */
    private static String money(BigDecimal amount) {
        return new DecimalFormat("$#,##0.00", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(amount);
    }
}
