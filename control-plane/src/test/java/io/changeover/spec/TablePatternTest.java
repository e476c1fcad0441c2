package io.changeover.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.postgres.TableName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TablePatternTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '|',
            value = {
                "public.orders public orders true",
                "public.orders public orders2 false",
                "public.orders public2 orders false",
                "PUBLIC.Orders public orders true",
                "PUBLIC.Orders public Orders false",
                "public.* public Anything true",
                "*.log_? x log_1 true",
                "*.log_? x log_12 false",
                "*.log_? x log_ false",
                "\"Sales\".\"Order*\" Sales Order* true",
                "\"Sales\".\"Order*\" Sales Orders false",
                "\"Sales\".Order* Sales orders true",
                "\"a.b\".\"c\"\"d\" a.b c\"d true",
                "pub(lic.+ pub(lic + true",
                "public.a$1 public a$1 true",
            })
    void isThatOfPsql(String pattern, String schema, String table, boolean matches) {
        assertThat(TablePattern.of(pattern).matches(new TableName(schema, table)))
                .isEqualTo(matches);
    }

    @Test
    void anyCharacterIsAlsoTheEndOfALine() {
        assertThat(TablePattern.of("public.a*b").matches(new TableName("public", "a\nb")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "", ".", "a.", ".b", "a.b.c", "\"a.b\"", "\"a.b", "a.\"b"})
    void withoutASchemaOrWithAnOpenQuoteIsNone(String text) {
        assertThat(TablePattern.problem(text)).isPresent();
        assertThatThrownBy(() -> TablePattern.of(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
