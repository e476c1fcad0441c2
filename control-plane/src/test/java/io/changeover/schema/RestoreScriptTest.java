package io.changeover.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.schema.RestoreScript.Entry;
import org.junit.jupiter.api.Test;

class RestoreScriptTest {

    private static final String SCRIPT = """
            --
            -- PostgreSQL database dump
            --

            \\restrict abcDEF123

            SET statement_timeout = 0;
            SET transaction_timeout = 0;
            SELECT pg_catalog.set_config('search_path', '', false);

            --
            -- Name: s; Type: SCHEMA; Schema: -; Owner: -
            --

            CREATE SCHEMA s;


            --
            -- Name: f(text, integer); Type: FUNCTION; Schema: s; Owner: -
            --

            CREATE FUNCTION s.f(text, integer) RETURNS text LANGUAGE sql AS $$
            SET transaction_timeout = 0;
            \\restrict abcDEF123
            $$;


            --
            -- PostgreSQL database dump complete
            --

            \\unrestrict abcDEF123

            """;

    @Test
    void splitsByObject() {
        RestoreScript script = RestoreScript.parse(SCRIPT, 17);

        assertThat(script.entries())
                .extracting(Entry::object)
                .containsExactly("SCHEMA s", "FUNCTION s.f(text, integer)");
        assertThat(script.entries().get(0).sql().strip()).isEqualTo("CREATE SCHEMA s;");
    }

    @Test
    void leavesOutWhatIsForPsql() {
        assertThat(RestoreScript.parse(SCRIPT, 17).settings()).doesNotContain("restrict");
        assertThat(RestoreScript.parse(SCRIPT, 17).sql())
                .doesNotContain("unrestrict")
                .contains("$$;");
    }

    @Test
    void leavesOutSettingsThatAnOlderServerDoesNotKnow() {
        assertThat(RestoreScript.parse(SCRIPT, 16).settings())
                .doesNotContain("transaction_timeout")
                .contains("statement_timeout", "search_path");
        assertThat(RestoreScript.parse(SCRIPT, 17).settings()).contains("transaction_timeout");
    }

    @Test
    void whatLooksTheSameInAFunctionStays() {
        assertThat(RestoreScript.parse(SCRIPT, 16).sql())
                .contains("AS $$\nSET transaction_timeout = 0;\n\\restrict abcDEF123\n$$;");
    }

    @Test
    void anEmptyScriptHasNoObjects() {
        assertThat(RestoreScript.parse("SET statement_timeout = 0;\n", 17).entries())
                .isEmpty();
    }
}
