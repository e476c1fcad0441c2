package io.changeover.preflight;

import io.changeover.preflight.SourceFacts.SelectionFacts;
import java.util.stream.Stream;

/** Checks of what the migration file leaves out. */
final class SelectionRules {

    private SelectionRules() {}

    static Stream<Finding> check(SourceFacts facts, PreflightRequest request) {
        SelectionFacts selection = facts.selection();
        return Stream.of(
                        unmatched(facts, selection),
                        torn(facts, selection),
                        foreignKeys(facts, selection),
                        views(facts, selection))
                .flatMap(found -> found);
    }

    private static Stream<Finding> unmatched(SourceFacts facts, SelectionFacts selection) {
        return selection.unmatched().stream()
                .map(pattern -> FindingCode.PATTERN_MATCHES_NOTHING.on(
                        facts.database().object(),
                        "No table of the source matches the pattern " + pattern + " of the migration file.",
                        "correct the pattern or remove it; capitals need double quotes, and a partition goes with the "
                                + "table that it is a part of"));
    }

    private static Stream<Finding> torn(SourceFacts facts, SelectionFacts selection) {
        return selection.torn().stream()
                .map(torn -> FindingCode.TABLE_NEEDS_ANOTHER.on(
                        facts.object(torn.table()),
                        "The table inherits from " + torn.needs() + ", or has a column of its row type, and "
                                + torn.needs() + " is left out.",
                        "leave out both or neither; structureOnly leaves out the rows only"));
    }

    private static Stream<Finding> foreignKeys(SourceFacts facts, SelectionFacts selection) {
        return Rule.when(
                !selection.foreignKeys().isEmpty(),
                FindingCode.FOREIGN_KEYS_LEFT_OUT,
                facts.database().object(),
                "The rows that they refer to are left out, so the target will not have "
                        + Phrases.count(selection.foreignKeys().size(), "foreign key") + ": "
                        + Phrases.some(selection.foreignKeys().stream()
                                .map(key -> key.name() + " of " + key.table() + " to " + key.references())
                                .toList())
                        + ".",
                "nothing to do if the target is to be without them; otherwise include the tables");
    }

    private static Stream<Finding> views(SourceFacts facts, SelectionFacts selection) {
        return Rule.when(
                !selection.views().isEmpty(),
                FindingCode.VIEWS_LEFT_OUT,
                facts.database().object(),
                "They read tables that are left out, so the target will not have "
                        + Phrases.count(selection.views().size(), "view") + ": " + Phrases.some(selection.views())
                        + ".",
                "nothing to do if the target is to be without them; otherwise include the tables, or leave out their "
                        + "rows only (structureOnly)");
    }
}
