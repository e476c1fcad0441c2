package io.changeover.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.schema.IndexBuilds.Build;
import io.changeover.schema.RestoreScript.Entry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which statements of a dump are made by themselves; {@link SchemaCopyTest} makes them. */
class IndexBuildsTest {

    @Test
    void keysAndIndexesAreToldWithTheirTable() {
        assertThat(tableOf("\nALTER TABLE ONLY public.film\n    ADD CONSTRAINT film_pkey PRIMARY KEY (film_id);\n"))
                .isEqualTo("public.film");
        assertThat(tableOf("\n\nCREATE INDEX idx_title ON public.film USING btree (title);\n"))
                .isEqualTo("public.film");
        assertThat(tableOf("CREATE UNIQUE INDEX u ON ONLY s.\"Odd. \"\"Name\" USING btree (a);"))
                .isEqualTo("s.\"Odd. \"\"Name\"");
        assertThat(tableOf("CREATE INDEX \" on a.b USING \" ON \"My Schema\".t USING gin (a);"))
                .isEqualTo("\"My Schema\".t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER INDEX public.parent_pkey ATTACH PARTITION public.part_pkey;",
                "CREATE TRIGGER t BEFORE INSERT ON public.film FOR EACH ROW EXECUTE FUNCTION public.f();",
                "ALTER TABLE public.film ENABLE ROW LEVEL SECURITY;",
                "CREATE POLICY p ON public.film USING (true);",
                "CREATE RULE r AS ON INSERT TO public.film DO NOTHING;",
                "ALTER TABLE ONLY public.film REPLICA IDENTITY FULL;",
                "CREATE OR REPLACE VIEW public.v AS SELECT 'CREATE INDEX a ON b.c USING btree (d)';",
                "COMMENT ON INDEX public.i IS 'CREATE INDEX i ON a.b USING btree (c)';"
            })
    void anythingElseIsNot(String sql) {
        assertThat(Build.of(new Entry("X", sql))).isEmpty();
    }

    private static String tableOf(String sql) {
        return Build.of(new Entry("INDEX i", sql)).orElseThrow().table();
    }
}
