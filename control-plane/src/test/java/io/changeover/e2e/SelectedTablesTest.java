package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.TableSelection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A part of a database is migrated: some tables not, of some the rows or the structure only. */
@Timeout(180)
@ExtendWith(StackExtension.class)
class SelectedTablesTest {

    private static final String[] SOURCE = {
        "create schema app",
        "create table app.country (id int primary key, v text)",
        "create table app.customer (id serial primary key, country int not null references app.country, v text)",
        "create table app.session (id serial primary key, customer int references app.customer, v text)",
        "create table app.audit_log (id serial primary key, customer int references app.customer, v text)",
        "create table app.audit_part (id int, k int) partition by range (k)",
        "create table app.audit_leaf partition of app.audit_part for values from (0) to (99)",
        "create table app.unidentified (v text)",
        "create table app.events (id int, k int, primary key (id, k)) partition by range (k)",
        "create table app.events_1 partition of app.events for values from (0) to (99)",
        "create view app.audited as select * from app.audit_log",
        "create materialized view app.audits as select count(*) from app.audited",
        "create view app.customers as select * from app.customer",
        "insert into app.country select n, 'c' from generate_series(1, 10) n",
        "insert into app.customer (country, v) select 1 + n % 10, 'row' from generate_series(1, 1000) n",
        "insert into app.session (customer) select n from generate_series(1, 100) n",
        "insert into app.audit_log (customer) select n from generate_series(1, 100) n",
        "insert into app.audit_part select n, n from generate_series(1, 50) n",
        "insert into app.events select n, n from generate_series(1, 50) n",
        "insert into app.unidentified values ('stays')"
    };

    /** Its definition is the target's own. */
    private static final String[] TARGET = {
        "create schema app",
        "create table app.country (v varchar(20), id int, constraint own_name unique (id))",
        "alter table app.country alter column id set not null",
        "create index own_index on app.country (v)"
    };

    @Test
    void onlyThePartIsMigratedAndVerified(SharedStack stack, Databases databases) throws Exception {
        Api api = stack.api();
        databases.onSource(SOURCE);
        databases.onTarget(TARGET);
        TableSelection selection = new TableSelection(
                List.of("app.*"),
                List.of("app.audit_*", "app.unidentified"),
                List.of("app.session"),
                List.of("app.country"));
        api.begin(stack.spec(databases, SchemaMode.COPY, selection));
        api.awaitState(databases, "READY_TO_CUTOVER");
        databases.onSource(
                "insert into app.customer (country, v) values (3, 'later')",
                "insert into app.session (v) values ('not there')",
                "insert into app.audit_log (v) values ('not there')",
                "update app.country set v = 'later' where id = 3",
                "insert into app.events values (60, 60)");
        assertThat(api.post(
                                "/migrations/" + databases.migration() + "/databases/" + databases.name()
                                        + "/tables/app.session/reload",
                                "")
                        .status())
                .isEqualTo(409);
        assertThat(api.cutover(databases).status()).isEqualTo(202);
        JsonNode ended = api.awaitEnd(databases);

        Api.assertEqual(ended);
        assertThat(ended.path("comparison").path("tables").findValuesAsText("table"))
                .containsExactlyInAnyOrder("app.country", "app.customer", "app.events_1");
        assertThat(databases.askTarget(
                        "select relname from pg_class where relnamespace = 'app'::regnamespace and relkind in ('r', 'p', 'v', 'm')"
                                + " order by 1"))
                .containsExactly("country", "customer", "customers", "events", "events_1", "session");
        assertThat(databases.askTarget("select count(*), max(v) from app.customer"))
                .containsExactly("1001|row");
        assertThat(databases.askTarget("select v from app.country where id = 3"))
                .containsExactly("later");
        assertThat(databases.askTarget("select count(*) from app.session")).containsExactly("0");
        assertThat(databases.askTarget("select conname from pg_constraint where contype = 'f' order by 1"))
                .containsExactly("customer_country_fkey", "session_customer_fkey");
        assertThat(databases.askTarget("select nextval('app.customer_id_seq')")).containsExactly("1002");
        assertThat(databases.askSource("select count(*) from app.audit_log")).containsExactly("101");
    }
}
