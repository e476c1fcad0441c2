package io.changeover.sink.guard;

import io.changeover.postgres.Identifier;
import io.changeover.postgres.TableName;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A foreign key as the catalog has it. Those that partitions have from a parent are its children.
 *
 * @param table the table that refers
 * @param definition {@code FOREIGN KEY (…) REFERENCES …}, with {@code NOT VALID} or {@code NOT ENFORCED} where so
 * @param isValid whether it claims to hold for all rows
 * @param comment as a literal, {@code null} without one
 * @param isPartitioned whether the table that refers is
 * @param references the table that is referred to
 * @param toPartitioned whether that one is partitioned
 * @param match s, f: simple, full
 * @param isPeriod whether the last column is a period (PERIOD, from 18 on)
 * @param columns in order, each with the one that it refers to
 * @param rights what our role may do with it
 * @param children in SQL, four columns: tables on both sides, name, comment
 */
public record ForeignKeyFacts(
        TableName table,
        String name,
        String definition,
        boolean isValid,
        String comment,
        boolean isPartitioned,
        TableName references,
        boolean toPartitioned,
        String match,
        boolean isPeriod,
        List<Column> columns,
        Rights rights,
        List<String> children)
        implements Guarded {

    private static final int NOT_VALID_ON_PARTITIONED = 18;

    public ForeignKeyFacts {
        columns = List.copyOf(columns);
        children = List.copyOf(children);
    }

    /**
     * A column that refers.
     *
     * @param operator the equality that the key uses, with the referenced column on its left
     * @param collation the one to compare in, if the columns' own differ; otherwise empty
     */
    public record Column(String name, String referenced, String operator, String collation) {}

    /**
     * What our role may do.
     *
     * @param isOwned whether it has the rights of the owner of the table that refers
     * @param mayReference whether it may make a key to the table that is referred to
     * @param isOrdinary whether the key's own triggers are in their ordinary state
     */
    public record Rights(boolean isOwned, String owner, boolean mayReference, boolean isOrdinary) {}

    static ForeignKeyFacts of(ResultSet row) throws SQLException {
        return new ForeignKeyFacts(
                new TableName(row.getString("nspname"), row.getString("relname")),
                row.getString("conname"),
                row.getString("definition"),
                row.getBoolean("validated") && row.getBoolean("enforced"),
                row.getString("comment"),
                row.getBoolean("partitioned"),
                new TableName(row.getString("referenced_schema"), row.getString("referenced_table")),
                row.getBoolean("referenced_partitioned"),
                row.getString("match"),
                row.getBoolean("period"),
                columns(row),
                new Rights(
                        row.getBoolean("owned"),
                        row.getString("owner"),
                        row.getBoolean("references_allowed"),
                        row.getBoolean("ordinary")),
                texts(row.getArray("children")));
    }

    private static List<Column> columns(ResultSet row) throws SQLException {
        List<String> names = texts(row.getArray("columns"));
        List<String> referenced = texts(row.getArray("referenced_columns"));
        List<String> operators = texts(row.getArray("operators"));
        List<String> collations = texts(row.getArray("collations"));
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            columns.add(new Column(names.get(i), referenced.get(i), operators.get(i), collations.get(i)));
        }
        return columns;
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    /** Itself as one that claims to hold. */
    public ClaimedKey claim() {
        return new ClaimedKey(table, name, essence(), ForeignKeyProof.sql(this));
    }

    /** The same as somebody else's server will make it: what it calls the children is for it to choose. */
    ForeignKeyFacts withoutChildren() {
        return new ForeignKeyFacts(
                table,
                name,
                definition,
                isValid,
                comment,
                isPartitioned,
                references,
                toPartitioned,
                match,
                isPeriod,
                columns,
                rights,
                List.of());
    }

    /** Whether it is the same key as another one, which may be of another server. */
    public boolean isSame(ForeignKeyFacts other) {
        return table.equals(other.table) && name.equals(other.name) && essence().equals(other.essence());
    }

    /** The definition without a word about validity. */
    public String essence() {
        return definition.endsWith(" NOT VALID")
                ? definition.substring(0, definition.length() - " NOT VALID".length())
                : definition;
    }

    @Override
    public Optional<String> obstacle() {
        String what = "the foreign key " + name + " of " + table;
        if (!rights.isOwned()) {
            return Optional.of(what + ", which belongs to " + rights.owner() + ": grant "
                    + Identifier.quote(rights.owner()) + " to the role, or make it the table's owner");
        }
        if (!rights.mayReference()) {
            return Optional.of(what + ", which it could not make again: grant references on " + references.quoted()
                    + " to the role");
        }
        return rights.isOrdinary()
                ? Optional.empty()
                : Optional.of(what + ", whose own triggers a superuser has altered. As a superuser: alter table "
                        + table.quoted() + " enable trigger all, and the same for " + references.quoted());
    }

    @Override
    public SetAside aside(int targetMajor) {
        boolean later = isValid && isValidatedLater(targetMajor);
        return new SetAside(
                "foreign key",
                table,
                name,
                true,
                "alter table " + table.quoted() + " drop constraint " + Identifier.quote(name),
                add(later) + commentOn() + ChildNames.restore(this),
                later ? Optional.of(validate()) : Optional.empty(),
                isValid ? Optional.of(ForeignKeyProof.sql(this)) : Optional.empty(),
                Optional.of(essence()));
    }

    /**
     * Whether it can be added without a look at the rows and validated later, with the same outcome. Before 18 not
     * where one of the tables is partitioned: it is refused, or leaves the children marked as not valid for ever.
     */
    private boolean isValidatedLater(int targetMajor) {
        return targetMajor >= NOT_VALID_ON_PARTITIONED || (!isPartitioned && !toPartitioned);
    }

    private String add(boolean later) {
        return "alter table " + only() + table.quoted() + " add constraint " + Identifier.quote(name) + " " + definition
                + (later ? " not valid" : "");
    }

    /** The statement that validates it; beside writers. */
    public String validate() {
        return "alter table " + only() + table.quoted() + " validate constraint " + Identifier.quote(name);
    }

    private String commentOn() {
        return comment.equals("null")
                ? ""
                : "; comment on constraint " + Identifier.quote(name) + " on " + table.quoted() + " is " + comment;
    }

    private String only() {
        return isPartitioned ? "" : "only ";
    }

    /** {@code schema.table.name}, for people. */
    @Override
    public String toString() {
        return table + "." + name;
    }
}
