package io.changeover.definition;

import io.changeover.contract.ColumnDefinition;
import io.changeover.contract.ColumnDefinition.Earlier;
import io.changeover.contract.TableDefinition;
import io.changeover.definition.AcceptedDefinition.Column;
import io.changeover.definition.Difference.Kind;
import io.changeover.postgres.Identifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether the target has had the same done to it as the source. Columns are followed by their numbers in both
 * catalogs, not by their names: a column that has taken another one's name, or has come in its place, is not the one
 * whose values the target has.
 */
public final class DefinitionRule {

    private final AcceptedDefinition accepted;
    private final TableDefinition source;
    private final TableDefinition target;
    private final List<Column> known;
    private final Set<Column> matched = new HashSet<>();
    private final List<Column> next = new ArrayList<>();
    private final List<ColumnDefinition> doubtful = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();

    private DefinitionRule(AcceptedDefinition accepted, TableDefinition source, TableDefinition target) {
        this.accepted = accepted;
        this.known = accepted.columns();
        this.source = source;
        this.target = target;
    }

    /**
     * Judges a definition of the source. A table is followed by its oid on both sides, as a column is by its number.
     *
     * @param accepted what the target's rows are of, at least of tables that are or were called so, or have one of the
     *     two oids; if nobody has noted it, any definition is right
     * @param target the target's table of this name as it is now
     */
    public static Verdict judge(
            Collection<AcceptedDefinition> accepted, TableDefinition source, TableDefinition target) {
        Optional<AcceptedDefinition> before = TableIdentity.before(accepted, source);
        if (before.isPresent() && before.get().table().equals(source.table()) && isSame(before.get(), source)) {
            return new Verdict.Same();
        }
        Optional<Difference> other = TableIdentity.difference(accepted, before, source, target);
        return other.isPresent() ? new Verdict.Unfit(List.of(other.get())) : judge(before, source, target);
    }

    private static Verdict judge(
            Optional<AcceptedDefinition> accepted, TableDefinition source, TableDefinition target) {
        if (accepted.isEmpty()) {
            return new Verdict.Fits(AcceptedDefinition.of(source, target), List.of());
        }
        return isSame(accepted.get(), source) && accepted.get().table().equals(source.table())
                ? new Verdict.Same()
                : new DefinitionRule(accepted.get(), source, target).judge();
    }

    /** Whether a definition is the one that was accepted. */
    public static boolean isSame(AcceptedDefinition accepted, TableDefinition source) {
        List<Column> present = accepted.present();
        if (!TableIdentity.isSame(accepted.source(), source.oid())) {
            return false;
        }
        if (present.size() != source.columns().size()) {
            return false;
        }
        for (int i = 0; i < present.size(); i++) {
            Column then = present.get(i);
            ColumnDefinition now = source.columns().get(i);
            boolean isSameNumber = now.number() == then.number() || now.number() == 0;
            if (!isSameNumber || !now.name().equals(then.name()) || !now.type().equals(then.type())) {
                return false;
            }
        }
        return true;
    }

    /** What the target has done on its own to columns that the stream writes to, while the source stayed as it was. */
    public static List<Difference> drift(AcceptedDefinition accepted, TableDefinition target) {
        if (!TableIdentity.isSame(accepted.target(), target.oid())) {
            return List.of(TableIdentity.replaced(target.table()));
        }
        List<Difference> differences = new ArrayList<>();
        for (Column column : accepted.present()) {
            Optional<ColumnDefinition> called = AcceptedDefinition.byName(target, column.name());
            Optional<ColumnDefinition> same = AcceptedDefinition.byNumber(target, column.target());
            if (column.target() == 0 || called.map(ColumnDefinition::number).equals(Optional.of(column.target()))) {
                continue;
            }
            String words = same.isPresent()
                    ? "column \"" + column.name() + "\" is called \""
                            + same.get().name() + "\" there, and on the source it is not. Rename it back"
                    : "column \"" + column.name() + "\" was dropped there"
                            + (called.isPresent() ? ", and another one of its name added" : "")
                            + ". Make it as it is on the source, and load the table again";
            differences.add(new Difference(
                    same.isPresent() ? Kind.RENAMED : Kind.REPLACED,
                    column.name(),
                    words,
                    same.map(each -> "alter table " + target.table().quoted() + " rename column "
                            + Identifier.quote(each.name()) + " to " + Identifier.quote(column.name()))));
        }
        return differences;
    }

    private Verdict judge() {
        for (ColumnDefinition column : source.columns()) {
            Optional<Column> then = then(column);
            then.ifPresent(matched::add);
            if (then.isPresent()) {
                kept(column, then.get());
            } else {
                added(column);
            }
        }
        known.stream()
                .filter(each -> !matched.contains(each) && each.target() != 0)
                .filter(each ->
                        AcceptedDefinition.byNumber(target, each.target()).isPresent())
                .forEach(each -> next.add(new Column(each.number(), each.name(), each.type(), each.target(), true)));
        return differences.isEmpty()
                ? new Verdict.Fits(
                        new AcceptedDefinition(
                                source.table(),
                                source.oid() == 0 ? accepted.source() : source.oid(),
                                target.oid(),
                                next),
                        doubtful)
                : new Verdict.Unfit(differences);
    }

    /** What a column was; by its name only where a number is not known. */
    private Optional<Column> then(ColumnDefinition now) {
        Optional<Column> same = known.stream()
                .filter(each -> now.number() != 0 && each.number() == now.number())
                .findFirst();
        return same.isPresent()
                ? same
                : known.stream()
                        .filter(each -> now.number() == 0 || each.number() == 0)
                        .filter(each -> !each.dropped() && !matched.contains(each))
                        .filter(each -> each.name().equals(now.name()))
                        .findFirst();
    }

    private void kept(ColumnDefinition now, Column then) {
        Optional<ColumnDefinition> called = AcceptedDefinition.byName(target, now.name());
        Optional<ColumnDefinition> same = AcceptedDefinition.byNumber(target, then.target());
        boolean isRenamed = !now.name().equals(then.name());
        if (called.isEmpty() || (then.target() != 0 && called.get().number() != then.target())) {
            if (isRenamed && same.isPresent()) {
                add(Kind.RENAMED, now, renamed(then.name()), rename(same.get().name(), now.name()));
            } else if (called.isEmpty()) {
                add(Kind.MISSING, now, "the target has no column \"" + now.name() + "\" any more", Optional.empty());
            } else {
                add(Kind.REPLACED, now, replaced(now), Optional.empty());
            }
            return;
        }
        if (!now.type().equals(then.type())
                && !isSameType(now.type(), called.get().type())) {
            add(Kind.RETYPED, now, retyped(now, then, called.get()), retype(now));
            return;
        }
        int number = now.number() == 0 ? then.number() : now.number();
        next.add(new Column(number, now.name(), now.type(), called.get().number(), false));
    }

    private void added(ColumnDefinition now) {
        Optional<ColumnDefinition> called = AcceptedDefinition.byName(target, now.name());
        if (now.number() == 0) {
            add(
                    Kind.UNCLEAR,
                    now,
                    "column \"" + now.name() + "\" has come, and was dropped or altered again before anybody could"
                            + " look: whether it is new or was renamed is not known. Make the target's table as the"
                            + " source's is now, and load it again",
                    Optional.empty());
        } else if (now.earlier() == Earlier.UNKNOWN) {
            add(
                    Kind.REWRITTEN,
                    now,
                    "column \"" + now.name() + "\" (" + now.type() + ") is new, and rows that were there may each have"
                            + " a value of their own in it, which no change brings. Make the target's table as the"
                            + " source's is, and load it again",
                    called.isEmpty() ? addition(now) : Optional.empty());
        } else if (called.isEmpty()) {
            add(
                    Kind.ADDED,
                    now,
                    "column \"" + now.name() + "\" (" + now.type() + ") is new on the source, and the target lacks it",
                    addition(now));
        } else if (known.stream().anyMatch(each -> each.target() == called.get().number())) {
            add(
                    Kind.REPLACED,
                    now,
                    "column \"" + now.name() + "\" was dropped on the source and another one of its name added; the"
                            + " target has the old one still. Drop it there and add it again",
                    Optional.of(
                            "alter table " + source.table().quoted() + " drop column " + Identifier.quote(now.name())
                                    + "; " + addition(now).orElse("")));
        } else if (!isSameType(now.type(), called.get().type())) {
            add(
                    Kind.RETYPED,
                    now,
                    "column \"" + now.name() + "\" is new and of type " + now.type() + ", on the target it is "
                            + called.get().type(),
                    retype(now));
        } else {
            if (now.earlier() != called.get().earlier()
                    || !now.value().equals(called.get().value())) {
                doubtful.add(now);
            }
            next.add(new Column(
                    now.number(), now.name(), now.type(), called.get().number(), false));
        }
    }

    private void add(Kind kind, ColumnDefinition column, String words, Optional<String> statement) {
        differences.add(new Difference(kind, column.name(), words, statement));
    }

    private static String replaced(ColumnDefinition now) {
        return "what the target calls \"" + now.name() + "\" is not the column that has had its values so far. Make"
                + " the target's table as the source's is, and load it again";
    }

    private static String retyped(ColumnDefinition now, Column then, ColumnDefinition onTarget) {
        return "column \"" + now.name() + "\" has become " + now.type() + " from " + then.type()
                + ", on the target it is " + onTarget.type()
                + ". Alter it there with the same statement, USING included";
    }

    private String renamed(String before) {
        return "column \"" + before + "\" was renamed on the source"
                + (differences.stream().anyMatch(each -> each.kind() == Kind.RENAMED)
                        ? " (with others: go by way of a third name where one takes another's)"
                        : "")
                + ". Rename it on the target, a new one would miss the values of the rows that are there";
    }

    private Optional<String> rename(String before, String now) {
        return Optional.of("alter table " + source.table().quoted() + " rename column " + Identifier.quote(before)
                + " to " + Identifier.quote(now));
    }

    private Optional<String> retype(ColumnDefinition now) {
        return Optional.of("alter table " + source.table().quoted() + " alter column " + Identifier.quote(now.name())
                + " type " + now.type());
    }

    private Optional<String> addition(ColumnDefinition now) {
        String filled = now.earlier() == Earlier.CONSTANT
                ? " default '" + now.value().replace("'", "''") + "'::" + now.type()
                : "";
        return Optional.of("alter table " + source.table().quoted() + " add column " + Identifier.quote(now.name())
                + " " + now.type() + filled);
    }

    /** An extension may be in another schema on the target. */
    private static boolean isSameType(String one, String other) {
        return one.equals(other) || withoutSchema(one).equals(withoutSchema(other));
    }

    private static String withoutSchema(String type) {
        return type.matches("(\"([^\"]|\"\")+\"|[^\".]+)\\..+")
                ? type.replaceFirst("^(\"([^\"]|\"\")+\"|[^\".]+)\\.", "")
                : type;
    }
}
