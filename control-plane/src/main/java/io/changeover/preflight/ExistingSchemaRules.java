package io.changeover.preflight;

import io.changeover.postgres.Identifier;
import io.changeover.postgres.TableName;
import io.changeover.preflight.SourceFacts.Portion;
import io.changeover.preflight.SourceFacts.SourceTable;
import io.changeover.preflight.TargetFacts.TargetTable;
import io.changeover.spec.SchemaMode;
import java.util.List;
import java.util.stream.Stream;

/** Checks of tables that the target has to have already. */
final class ExistingSchemaRules {

    private ExistingSchemaRules() {}

    /** Every migrated table of the source has to be on the target, with its columns, ours to write, and empty. */
    static Stream<Finding> tables(PairFacts facts, PreflightRequest request) {
        return facts.source().migrated().stream()
                .filter(table -> isExpected(table, request))
                .flatMap(table -> table(table, facts.target(), request));
    }

    /** Whether a table has to be on the target before the migration begins. */
    static boolean isExpected(SourceTable table, PreflightRequest request) {
        return request.schema() == SchemaMode.EXISTING || table.portion() == Portion.ROWS;
    }

    private static Stream<Finding> table(SourceTable source, TargetFacts facts, PreflightRequest request) {
        String object = facts.database().object() + ", table " + source.name();
        return facts.table(source.name())
                .map(target -> Stream.of(
                                columns(source, target, object),
                                rights(source.name(), target, facts.server(), object),
                                rows(source.name(), target, request, object))
                        .flatMap(found -> found))
                .orElseGet(
                        () -> Stream.of(
                                FindingCode.TARGET_TABLE_MISSING.on(
                                        object,
                                        "The table is on the source and not on the target.",
                                        "create it, or let it be copied: schema: copy in the migration file, and not in tables.rowsOnly")));
    }

    private static Stream<Finding> columns(SourceTable source, TargetTable target, String object) {
        List<String> missing = source.columns().stream()
                .filter(column -> !target.columns().contains(column))
                .toList();
        return Rule.when(
                !missing.isEmpty(),
                FindingCode.TARGET_COLUMNS_MISSING,
                object,
                "The table lacks " + Phrases.count(missing.size(), "column") + " of the source: "
                        + Phrases.some(missing) + ".",
                "alter table " + source.name().quoted() + " add column …");
    }

    private static Stream<Finding> rights(TableName name, TargetTable target, ServerFacts server, String object) {
        String role = Identifier.quote(server.role().name());
        return Stream.concat(
                Rule.when(
                        !target.writable(),
                        FindingCode.TARGET_TABLE_NOT_WRITABLE,
                        object,
                        "The role " + server.role().name() + " may not read and write the table.",
                        "grant usage on schema " + Identifier.quote(name.schema()) + " to " + role
                                + "; grant select, insert, update, delete, truncate on " + name.quoted() + " to "
                                + role + ";"),
                Rule.when(
                        target.rowSecurity(),
                        FindingCode.TARGET_TABLE_NOT_WRITABLE,
                        object,
                        "Row security applies to the role " + server.role().name() + ".",
                        SourceRules.rowSecurityFix(server, name)));
    }

    private static Stream<Finding> rows(TableName name, TargetTable target, PreflightRequest request, String object) {
        return Rule.when(
                target.holdsRows() && !request.resume(),
                FindingCode.TARGET_TABLE_HOLDS_ROWS,
                object,
                "The table is not empty.",
                "if its rows are not needed: truncate " + name.quoted() + ";");
    }
}
