package io.changeover.sink.config;

import static io.changeover.sink.config.JdbcSinkKey.Sink.CONFLUENT;
import static io.changeover.sink.config.JdbcSinkKey.Sink.DEBEZIUM;

import io.changeover.sink.config.JdbcSinkKey.Sink;
import io.changeover.sink.config.JdbcSinkKey.Treatment;
import java.util.List;
import java.util.Optional;

/**
 * The keys of Confluent's and Debezium's JDBC sinks, so that a team can swap the class in a configuration and gets, key
 * by key, either the same meaning or a sentence. The table of {@code docs/replacing-a-jdbc-sink.md} is made of this.
 */
public final class JdbcSinkKeys {

    private static final List<Sink> C = List.of(CONFLUENT);
    private static final List<Sink> D = List.of(DEBEZIUM);
    private static final List<Sink> BOTH = List.of(CONFLUENT, DEBEZIUM);

    /** All of them, by topic. */
    public static final List<JdbcSinkKey> ALL = List.of(
            same(
                    "connection.url",
                    BOTH,
                    "PostgreSQL only, one host; of the parameters sslmode and sslrootcert count, those that load classes or write files are refused"),
            same("connection.user", C, "the role needs no superuser; validation says which rights it lacks"),
            alias("connection.username", D, "connection.user", "the same"),
            same("connection.password", BOTH, "the same; use a configuration provider"),
            refused("connection.attempts", C, "use max.retries, which counts failures to connect, too"),
            refused("connection.backoff.ms", C, "use retry.backoff.ms, which is the wait before connecting again, too"),
            refused(
                    "jdbc.credentials.provider.*",
                    C,
                    "give connection.user and connection.password by one of Connect's configuration providers"),
            refused("connection.provider", D, "remove it: no pool is needed for the one connection of the one order"),
            refused("connection.pool.*", D, "remove it: there is one connection, because transactions have one order"),
            accepted(
                    "connection.restart.on.errors",
                    D,
                    List.of("true"),
                    "the sink connects again and goes on from the position that the target holds, so nothing can be lost; max.retries bounds how often"),
            refused("hibernate.*", D, "remove it: there is no Hibernate; statements are the sink's own"),
            accepted("dialect.name", C, List.of("PostgreSqlDatabaseDialect"), "the target is PostgreSQL"),
            same(
                    "batch.size",
                    BOTH,
                    "changes in a target transaction at most, in whole source transactions; default 100000"),
            same(
                    "max.retries",
                    C,
                    "counts failures in a row that pass by themselves; default -1, no end; all others stop at once"),
            same("retry.backoff.ms", C, "the first wait; it doubles up to a minute, default 1000"),
            alias("flush.max.retries", D, "max.retries", "the same; holds for deadlocks and lock timeouts, too"),
            alias("flush.retry.delay.ms", D, "retry.backoff.ms", "the first wait; it doubles up to a minute"),
            accepted(
                    "use.reduction.buffer",
                    D,
                    List.of("true", "false"),
                    "changes of one row in one target transaction are always put together where the result is the same"),
            accepted(
                    "dialect.postgres.unnest.insert.enabled",
                    D,
                    List.of("true", "false"),
                    "rows always go in as sets, by arrays or COPY"),
            accepted(
                    "auto.create",
                    C,
                    List.of("false"),
                    "make the tables first, with pg_dump --schema-only or changeover migrate"),
            accepted(
                    "auto.evolve",
                    C,
                    List.of("false"),
                    "alter the target's tables before the source's; a change with a column that the target lacks stops the task"),
            accepted(
                    "schema.evolution",
                    D,
                    List.of("none"),
                    "make and alter the target's tables yourself, before the source's"),
            accepted(
                    "quote.sql.identifiers",
                    C,
                    List.of("always"),
                    "all names are quoted, and have to be as they are on the target"),
            accepted(
                    "quote.identifiers",
                    D,
                    List.of("true"),
                    "all names are quoted, and have to be as they are on the target"),
            accepted(
                    "table.types",
                    C,
                    List.of("TABLE", "PARTITIONED TABLE"),
                    "rows go into tables; views are no targets"),
            refused(
                    "fields.whitelist",
                    C,
                    "drop columns on the target, or use the transformation ReplaceField: the sink leaves nothing out on its own"),
            refused(
                    "field.include.list",
                    D,
                    "drop columns on the target, or use the transformation ReplaceField: the sink leaves nothing out on its own"),
            refused(
                    "field.exclude.list",
                    D,
                    "drop columns on the target, or use the transformation ReplaceField: the sink leaves nothing out on its own"),
            accepted("db.timezone", C, List.of("UTC"), "instants are written as instants; the session's zone is UTC"),
            accepted(
                    "date.timezone", C, List.of("DB_TIMEZONE", "UTC"), "a date has no zone; the session's zone is UTC"),
            refused("date.calendar.system", C, "remove it: dates are written as the source's text of them"),
            accepted("timestamp.precision.mode", C, List.of("microseconds"), "PostgreSQL's own precision"),
            refused("timestamp.fields.list", C, "remove it: PostgreSQL parses every value by the type of its column"),
            accepted("use.time.zone", D, List.of("UTC"), "instants are written as instants; the session's zone is UTC"),
            accepted(
                    "database.time_zone",
                    D,
                    List.of("UTC"),
                    "instants are written as instants; the session's zone is UTC"),
            accepted("replace.null.with.default", C, List.of("false"), "NULL stays NULL: the source had it"),
            refused("string.output.value.column.name", C, "remove it: records have to carry columns"),
            accepted("trim.sensitive.log", C, List.of("true", "false"), "values of rows are in no log and no message"),
            accepted("mssql.use.merge.holdlock", C, List.of("true", "false"), "for SQL Server only"),
            accepted(
                    "dialect.sqlserver.identity.insert",
                    D,
                    List.of("true", "false"),
                    "for SQL Server only; identity columns get the source's values"),
            refused("dialect.starrocks.catalog.name", D, "remove it: the target is PostgreSQL"),
            accepted(
                    "dialect.postgres.postgis.schema",
                    D,
                    List.of("public"),
                    "types are taken from the target's columns, wherever the extension is"),
            refused(
                    "cloud.events.schema.name.pattern",
                    D,
                    "use a converter that unwraps CloudEvents: the sink reads changes"),
            accepted(
                    "collection.naming.strategy",
                    D,
                    List.of("io.debezium.sink.naming.DefaultCollectionNamingStrategy"),
                    "use the transformation RegexRouter to rename"),
            accepted(
                    "table.naming.strategy",
                    D,
                    List.of("io.debezium.connector.jdbc.naming.DefaultTableNamingStrategy"),
                    "use the transformation RegexRouter to rename"),
            accepted(
                    "column.naming.strategy",
                    D,
                    List.of("io.debezium.connector.jdbc.naming.DefaultColumnNamingStrategy"),
                    "columns have the same names on both sides; use the transformation ReplaceField to rename"),
            refused("collection.table.format", D, "remove it: a change goes to the table of the source's name"),
            same(
                    "table.name.format",
                    C,
                    "${topic}, ${source.schema} and ${source.table}; the last two parts are schema and table; default: what the record's source says"),
            alias("collection.name.format", D, "table.name.format", "dots are not made underscores"),
            same(
                    "insert.mode",
                    BOTH,
                    "for topics of a Debezium source; on a change topic an insert is an insert and an update an update"),
            same("pk.mode", C, "without kafka; on a change topic rows are found by the target's keys"),
            alias("primary.key.mode", D, "pk.mode", "without kafka and record_header"),
            same("pk.fields", C, "the target has a primary key or unique index over exactly these"),
            alias("primary.key.fields", D, "pk.fields", "the same"),
            same(
                    "delete.enabled",
                    BOTH,
                    "for topics of a Debezium source; a change topic's deletes are always applied"),
            same("truncate.enabled", D, "for topics of a Debezium source; a change topic's are always applied"));

    private JdbcSinkKeys() {}

    static Optional<JdbcSinkKey> find(String key) {
        return ALL.stream().filter(one -> one.isNamed(key)).findFirst();
    }

    private static JdbcSinkKey same(String name, List<Sink> sinks, String explanation) {
        return new JdbcSinkKey(name, sinks, Treatment.SAME, List.of(), explanation);
    }

    private static JdbcSinkKey alias(String name, List<Sink> sinks, String own, String explanation) {
        return new JdbcSinkKey(name, sinks, Treatment.ALIAS, List.of(own), explanation);
    }

    private static JdbcSinkKey accepted(String name, List<Sink> sinks, List<String> values, String explanation) {
        return new JdbcSinkKey(name, sinks, Treatment.ACCEPTED, values, explanation);
    }

    private static JdbcSinkKey refused(String name, List<Sink> sinks, String explanation) {
        return new JdbcSinkKey(name, sinks, Treatment.REFUSED, List.of(), explanation);
    }
}
