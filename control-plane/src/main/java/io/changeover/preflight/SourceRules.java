package io.changeover.preflight;

import static io.changeover.preflight.Rule.when;

import io.changeover.postgres.Identifier;
import io.changeover.postgres.PublishedTables;
import io.changeover.postgres.TableName;
import io.changeover.preflight.SourceFacts.Kind;
import io.changeover.preflight.SourceFacts.LargeObjectFacts;
import io.changeover.preflight.SourceFacts.SourceTable;
import io.changeover.schema.SourceSchema;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks of one source database. */
final class SourceRules {

    static final List<Rule<SourceFacts>> ALL = List.of(
            SourceRules::ownership,
            SourceRules::publicationRight,
            SourceRules::markers,
            SourceRules::eventTriggers,
            SourceRules::fence,
            SourceRules::replicaIdentity,
            SourceRules::readable,
            SourceRules::rowSecurity,
            SourceRules::unlogged,
            SourceRules::foreign,
            SourceRules::oids,
            SourceRules::largeObjects,
            SourceRules::schemaName,
            SourceRules::encoding,
            SelectionRules::check,
            (facts, request) -> Rule.checkAll(ContentRules.ALL, facts, request));

    private SourceRules() {}

    private static Stream<Finding> ownership(SourceFacts facts, PreflightRequest request) {
        var byOwner = facts.migrated().stream()
                .filter(table -> !table.owned())
                .collect(Collectors.groupingBy(SourceTable::owner, TreeMap::new, Collectors.toList()));
        return byOwner.entrySet().stream()
                .map(entry -> FindingCode.TABLES_NOT_OWNED.on(
                        facts.database().object(),
                        "Only the owner of a table can publish its changes. The role " + role(facts)
                                + " does not have the rights of " + entry.getKey() + ", who owns "
                                + tables(entry.getValue()) + ".",
                        ownerFix(entry.getKey(), facts)));
    }

    private static Fix ownerFix(String owner, SourceFacts facts) {
        return Fix.sql(facts.server().grant(owner)).or(" or connect as " + owner);
    }

    private static Stream<Finding> publicationRight(SourceFacts facts, PreflightRequest request) {
        return when(
                !facts.database().creates(),
                FindingCode.ROLE_CANNOT_CREATE_PUBLICATION,
                facts.database().object(),
                "The role " + role(facts) + " may not create a publication"
                        + (hasSchema(facts, request) ? ", nor the schema changeover." : "."),
                Fix.sql("grant create on database "
                        + Identifier.quote(facts.database().name()) + " to " + quotedRole(facts) + ";"));
    }

    /** The right to make the schema itself is that to create a publication. */
    private static Stream<Finding> markers(SourceFacts facts, PreflightRequest request) {
        return when(
                hasSchema(facts, request) && !facts.marks(),
                FindingCode.ROLE_CANNOT_MAKE_MARKERS,
                facts.database().object(),
                "Before PostgreSQL 14, and with ddl.eventTrigger, Changeover keeps small tables of its own in a schema "
                        + "changeover of the source. "
                        + "That schema is there already, and the role " + role(facts) + " may not create tables in it, "
                        + "or does not have the rights of the owner of one that is there.",
                "grant usage, create on schema changeover to " + quotedRole(facts) + "; and if there is a table "
                        + "changeover.marker, changeover.filenode, changeover.published, changeover.ddl or changeover.ddl_listener that "
                        + "nobody needs, drop it; or if nothing needs the schema: drop schema changeover cascade;");
    }

    private static boolean hasSchema(SourceFacts facts, PreflightRequest request) {
        return SourceSchema.isNeeded(facts.server().major()) || request.eventTrigger();
    }

    private static Stream<Finding> eventTriggers(SourceFacts facts, PreflightRequest request) {
        return when(
                request.eventTrigger() && !facts.eventTriggers(),
                FindingCode.ROLE_CANNOT_MAKE_EVENT_TRIGGERS,
                facts.database().object(),
                "With ddl.eventTrigger an event trigger records how the source is altered, which only a superuser may "
                        + "make, on RDS a member of rds_superuser. The role " + role(facts) + " is neither.",
                Fix.sql(
                                facts.server().provider() == Provider.RDS
                                        ? facts.server().grant("rds_superuser")
                                        : "alter role " + quotedRole(facts) + " superuser;")
                        .or(
                                " or leave ddl.eventTrigger out of the migration file: what is altered is noticed without it,"
                                        + " too, but not by which statement and by whom"));
    }

    private static Stream<Finding> fence(SourceFacts facts, PreflightRequest request) {
        return when(
                !facts.database().owned(),
                FindingCode.ROLE_CANNOT_FENCE,
                facts.database().object(),
                "At the cutover the database is made read-only, which only its owner may do. The role " + role(facts)
                        + " does not have the rights of " + facts.database().owner() + ".",
                ownerFix(facts.database().owner(), facts));
    }

    private static Stream<Finding> replicaIdentity(SourceFacts facts, PreflightRequest request) {
        List<SourceTable> tables = migrated(facts, table -> table.unidentified().isPresent());
        return switch (request.replicaIdentity()) {
            case KEEP -> tables.stream().map(table -> noReplicaIdentity(facts, table));
            case FULL_WHERE_MISSING ->
                when(
                        !tables.isEmpty(),
                        FindingCode.REPLICA_IDENTITY_BECOMES_FULL,
                        facts.database().object(),
                        "Tables without a usable replica identity get REPLICA IDENTITY FULL before they are published, "
                                + "until the migration is cleaned up: " + tables(tables) + ".",
                        "nothing to do; each of their updates and deletes reads the whole table on the target, so give "
                                + "large ones that change often a primary key");
        };
    }

    private static Finding noReplicaIdentity(SourceFacts facts, SourceTable table) {
        return FindingCode.NO_REPLICA_IDENTITY.on(
                facts.object(table.name()),
                "The table has no usable replica identity. "
                        + table.unidentified().orElseThrow()
                        + (PublishedTables.areListed(facts.server().major())
                                ? ". The stream would not say which rows UPDATE and DELETE have changed."
                                : ". Published like this, the application's own UPDATE and DELETE would fail."),
                Fix.sql("alter table " + table.name().quoted() + " replica identity full;")
                        .or(" or set replicaIdentity: full-where-missing in the migration file"));
    }

    private static Stream<Finding> schemaName(SourceFacts facts, PreflightRequest request) {
        return when(
                !facts.shadowed().isEmpty(),
                FindingCode.SCHEMA_NAME_TAKEN,
                facts.database().object(),
                "The schema changeover has the name of Changeover's own schema on the target, so its tables would "
                        + "not be migrated: " + Phrases.some(facts.shadowed()) + ".",
                "alter schema changeover rename to …; or, if an earlier migration to this database left it behind: "
                        + "drop schema changeover cascade;");
    }

    /** Whatever the target's encoding: the session between the two is in UTF-8. */
    private static Stream<Finding> encoding(SourceFacts facts, PreflightRequest request) {
        if (PublishedTables.areListed(facts.server().major())) {
            return when(
                    !facts.database().encoding().equals("UTF8"),
                    FindingCode.ENCODING_NOT_UTF8,
                    facts.database().object(),
                    "The encoding is " + facts.database().encoding() + ". Before PostgreSQL 10 changes come in the "
                            + "encoding of the database, which has to be UTF8.",
                    "pg_dump the database and restore it into one with encoding 'UTF8', or upgrade the source to "
                            + "PostgreSQL 10 or later first");
        }
        return when(
                facts.database().encoding().equals("SQL_ASCII"),
                FindingCode.ENCODING_UNKNOWN,
                facts.database().object(),
                "The encoding is SQL_ASCII, so the server does not know what its text is. Bytes that are not UTF-8 "
                        + "cannot be carried and stop the migration.",
                "check that this ends without an error: pg_dump --data-only --encoding=UTF8 --file=/dev/null "
                        + "--dbname=" + facts.database().name());
    }

    private static Stream<Finding> readable(SourceFacts facts, PreflightRequest request) {
        List<SourceTable> tables = migrated(facts, table -> !table.readable());
        String schemas = Identifier.quoteAll(
                tables.stream().map(table -> table.name().schema()).distinct().toList());
        return when(
                !tables.isEmpty(),
                FindingCode.TABLES_NOT_READABLE,
                facts.database().object(),
                "The role " + role(facts) + " may not read " + tables(tables) + ".",
                Fix.sql(
                        "grant usage on schema " + schemas + " to " + quotedRole(facts) + ";",
                        "grant select on all tables in schema " + schemas + " to " + quotedRole(facts) + ";"));
    }

    private static Stream<Finding> rowSecurity(SourceFacts facts, PreflightRequest request) {
        return migrated(facts, SourceTable::rowSecurity).stream()
                .map(table -> FindingCode.ROW_SECURITY_APPLIES.on(
                        facts.object(table.name()),
                        "Row security hides rows of the table from the role " + role(facts) + ".",
                        rowSecurityFix(facts.server(), table.name())));
    }

    static Fix rowSecurityFix(ServerFacts server, TableName table) {
        return Fix.sql("alter role " + Identifier.quote(server.role().name()) + " bypassrls;")
                .or(" or connect as the table's owner and: alter table " + table.quoted()
                        + " no force row level security;");
    }

    private static Stream<Finding> unlogged(SourceFacts facts, PreflightRequest request) {
        List<SourceTable> tables =
                facts.tables().stream().filter(SourceTable::unlogged).toList();
        return when(
                !tables.isEmpty(),
                FindingCode.TABLES_UNLOGGED,
                facts.database().object(),
                "Changes of unlogged tables are not in the WAL, so their rows are not migrated: " + tables(tables)
                        + ".",
                "alter table … set logged; for those whose rows matter");
    }

    private static Stream<Finding> foreign(SourceFacts facts, PreflightRequest request) {
        List<SourceTable> tables = facts.tables().stream()
                .filter(table -> table.kind() == Kind.FOREIGN)
                .toList();
        return when(
                !tables.isEmpty(),
                FindingCode.TABLES_FOREIGN,
                facts.database().object(),
                "The rows of foreign tables stay where they are: " + tables(tables) + ".",
                "see to it that the target reaches the foreign servers");
    }

    private static Stream<Finding> oids(SourceFacts facts, PreflightRequest request) {
        List<SourceTable> tables = migrated(facts, SourceTable::oids);
        return when(
                !tables.isEmpty(),
                FindingCode.TABLES_WITH_OIDS,
                facts.database().object(),
                "The OIDs of rows are not kept, since there are none from PostgreSQL 12 on: " + tables(tables) + ".",
                "see that no application needs them; then alter table … set without oids; rewrites the table, so do "
                        + "it before the start or not at all");
    }

    private static Stream<Finding> largeObjects(SourceFacts facts, PreflightRequest request) {
        LargeObjectFacts objects = facts.largeObjects();
        return Stream.concat(
                when(
                        objects.count() > 0,
                        FindingCode.LARGE_OBJECTS,
                        facts.database().object(),
                        "The database holds " + objects.count() + " large objects (" + (objects.bytes() >> 20)
                                + " MB with what is free). They are copied after the tables, and all of them are "
                                + "compared in the freeze of the cutover, which lasts longer for it.",
                        "remove those that nothing refers to (vacuumlo); see that spec.cutover.drainTimeout is long "
                                + "enough"),
                when(
                        objects.unreadable() > 0,
                        FindingCode.LARGE_OBJECTS_NOT_READABLE,
                        facts.database().object(),
                        "The role " + role(facts) + " may not read " + objects.unreadable() + " of " + objects.count()
                                + " large objects.",
                        "grant select on large object … to " + quotedRole(facts) + "; for each of select oid, lomowner "
                                + "from pg_largeobject_metadata; or connect as their owner"));
    }

    private static List<SourceTable> migrated(SourceFacts facts, Predicate<SourceTable> condition) {
        return facts.migrated().stream().filter(condition).toList();
    }

    private static String tables(List<SourceTable> tables) {
        return Phrases.count(tables.size(), "table") + " ("
                + Phrases.some(tables.stream().map(SourceTable::name).toList()) + ")";
    }

    private static String role(SourceFacts facts) {
        return facts.server().role().name();
    }

    private static String quotedRole(SourceFacts facts) {
        return Identifier.quote(role(facts));
    }
}
