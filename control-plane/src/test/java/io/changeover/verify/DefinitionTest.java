package io.changeover.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DefinitionTest {

    @Test
    void aCheckOfAListIsTheSameBeforeAndAfterADump() {
        assertThat(Definition.same(
                        "CHECK (((s)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])))",
                        "CHECK (((s)::text = ANY (ARRAY[('a'::character varying)::text,"
                                + " ('b'::character varying)::text])))"))
                .isTrue();
    }

    @Test
    void bitsAreTheSameWithAndWithoutTheirLetter() {
        assertThat(Definition.same("default B'01'::\"bit\"", "default '01'::\"bit\""))
                .isTrue();
        assertThat(Definition.same("default B'01'::\"bit\"", "default '11'::\"bit\""))
                .isFalse();
    }

    @Test
    void whatIsInQuotesCounts() {
        assertThat(Definition.same("ARRAY['a'::text]", "ARRAY['b'::text]")).isFalse();
        assertThat(Definition.same("ARRAY['(a) '::text]", "ARRAY['a'::text]")).isFalse();
        assertThat(Definition.same("ARRAY['it''s ::int'::text]", "ARRAY['it''s '::text]"))
                .isFalse();
        assertThat(Definition.same("ARRAY[\"A b\"]", "ARRAY[\"Ab\"]")).isFalse();
    }

    @Test
    void otherDefinitionsMustBeTheSameText() {
        assertThat(Definition.same("CHECK ((a + b) > c)", "CHECK (a + (b > c))"))
                .isFalse();
        assertThat(Definition.same("(a)::integer", "(a)::bigint")).isFalse();
    }
}
