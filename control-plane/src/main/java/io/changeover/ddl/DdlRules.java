package io.changeover.ddl;

import io.changeover.contract.TableDefinition;
import io.changeover.ddl.DdlChange.Kind;
import io.changeover.definition.AcceptedDefinition;
import io.changeover.definition.DefinitionRule;
import io.changeover.definition.Difference;
import io.changeover.definition.TableIdentity;
import io.changeover.definition.Verdict;
import io.changeover.postgres.Identifier;
import io.changeover.postgres.TableName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Tells from definitions what was done to tables. */
final class DdlRules {

    private DdlRules() {}

    /** What is different, in order of table. */
    static List<DdlChange> changes(DdlFacts facts) {
        List<DdlChange> changes = new ArrayList<>();
        for (TableName table : new TreeSet<>(facts.published())) {
            changes.addAll(published(facts, table));
        }
        for (TableName table : new TreeSet<>(facts.candidates())) {
            if (!facts.published().contains(table)) {
                changes.add(added(facts, table));
            }
        }
        for (TableName table : new TreeSet<>(facts.accepted().keySet())) {
            if (!facts.published().contains(table) && !facts.candidates().contains(table) && !isKept(facts, table)) {
                changes.addAll(gone(facts, table));
            }
        }
        return changes.stream()
                .map(change -> change.with(recorded(facts, change.table())))
                .toList();
    }

    /** Whether the source has the table under another name. */
    private static boolean isKept(DdlFacts facts, TableName table) {
        AcceptedDefinition accepted = facts.accepted().get(table);
        return accepted != null
                && accepted.source() != 0
                && facts.source().values().stream().anyMatch(each -> each.oid() == accepted.source());
    }

    /** What was done to a table, or to the one that it is a partition of. */
    private static List<DdlStatement> recorded(DdlFacts facts, TableName table) {
        Stream<DdlStatement> own = facts.statements().getOrDefault(table, List.of()).stream();
        Stream<DdlStatement> above = Optional.ofNullable(facts.parents().get(table)).stream()
                .flatMap(parent -> facts.statements().getOrDefault(parent, List.of()).stream());
        return Stream.concat(own, above)
                .sorted(Comparator.comparingLong(DdlStatement::id))
                .distinct()
                .toList();
    }

    private static List<DdlChange> published(DdlFacts facts, TableName table) {
        TableDefinition source = facts.source().get(table);
        TableDefinition target = facts.target().get(table);
        if (source == null) {
            return List.of();
        }
        AcceptedDefinition accepted =
                TableIdentity.before(facts.accepted().values(), source).orElse(null);
        if (target == null && (accepted == null || !accepted.table().equals(table))) {
            return List.of(renamed(table));
        }
        if (accepted == null) {
            return List.of();
        }
        if (target == null) {
            return List.of(change(
                    Kind.GONE_ON_TARGET,
                    table,
                    "The target does not have table " + table + " any more. Make it as it is on the source, or rename"
                            + " it back, and load it again if rows are lost"));
        }
        Verdict verdict = DefinitionRule.judge(facts.accepted().values(), source, target);
        if (verdict instanceof Verdict.Unfit unfit) {
            return List.of(altered(facts, table, unfit));
        }
        List<DdlChange> drifted = verdict instanceof Verdict.Same
                ? DefinitionRule.drift(accepted, target).stream()
                        .map(each -> new DdlChange(
                                Kind.ALTERED_ON_TARGET,
                                table,
                                table,
                                "Table " + table + " was altered on the target: " + each.words(),
                                each.statement().stream().toList(),
                                false,
                                true))
                        .toList()
                : List.of();
        return Stream.concat(drifted.stream(), leftOver(accepted, source, target).stream())
                .toList();
    }

    /** Before it is loaded the target has it: the structure comes first. */
    private static DdlChange renamed(TableName table) {
        return change(
                Kind.RENAMED,
                table,
                "The source has a table " + table
                        + " that was called otherwise when the migration began, and the target"
                        + " has none of this name. Rename it, or move it, on the target, too");
    }

    private static List<DdlChange> gone(DdlFacts facts, TableName table) {
        return facts.target().containsKey(table)
                ? List.of(new DdlChange(
                        Kind.GONE_ON_SOURCE,
                        table,
                        table,
                        "Table " + table + " was dropped or renamed on the source; the target has it still",
                        List.of(),
                        false,
                        false))
                : List.of();
    }

    private static DdlChange altered(DdlFacts facts, TableName table, Verdict.Unfit unfit) {
        TableName root = facts.parents().getOrDefault(table, table);
        boolean offered = unfit.differences().stream().allMatch(each -> each.kind() == Difference.Kind.ADDED);
        return new DdlChange(
                Kind.ALTERED,
                table,
                root,
                "Table " + table + " was altered on the source, and the target's is not like it: " + unfit.words(),
                unfit.differences().stream()
                        .flatMap(each -> each.statement().stream())
                        .map(each -> each.replace("table " + table.quoted(), "table " + root.quoted()))
                        .toList(),
                offered,
                true);
    }

    private static List<DdlChange> leftOver(
            AcceptedDefinition accepted, TableDefinition source, TableDefinition target) {
        return accepted.columns().stream()
                .filter(column -> source.columns().stream().noneMatch(each -> each.number() == column.number()))
                .flatMap(column -> target.columns().stream().filter(each -> each.number() == column.target()))
                .map(column -> new DdlChange(
                        Kind.LEFT_OVER,
                        source.table(),
                        source.table(),
                        "Column \"" + column.name() + "\" of table " + source.table() + " was dropped on the source;"
                                + " the target has it still",
                        List.of("alter table " + source.table().quoted() + " drop column "
                                + Identifier.quote(column.name())),
                        false,
                        false))
                .toList();
    }

    private static DdlChange added(DdlFacts facts, TableName table) {
        TableName parent = facts.parents().get(table);
        boolean isThere = facts.target().containsKey(table);
        boolean offered = facts.copies() || isThere;
        String what = parent == null ? "Table " + table : "Partition " + table + " of " + parent;
        String words = what + " is new on the source and not migrated yet. "
                + (isThere ? "The target has it: load it" : "Make it on the target, then load it")
                + ": changeover reload MIGRATION/DATABASE " + table;
        return new DdlChange(
                parent == null ? Kind.NEW_TABLE : Kind.NEW_PARTITION, table, table, words, List.of(), offered, true);
    }

    private static DdlChange change(Kind kind, TableName table, String words) {
        return new DdlChange(kind, table, table, words, List.of(), false, true);
    }
}
