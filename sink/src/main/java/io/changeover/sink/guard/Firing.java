package io.changeover.sink.guard;

import io.changeover.postgres.Identifier;
import io.changeover.postgres.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A trigger or rule that is not disabled.
 *
 * @param kind {@code trigger} or {@code rule}
 * @param state O: ordinary; A: always; R: in replica sessions
 * @param isDropped whether it has to be dropped and made again, because its copies on partitions cannot be disabled
 * @param definition the statement that makes it, if it is dropped
 * @param comment as a literal, {@code null} without one
 * @param isUneven whether copies on partitions are in another state, which only a superuser can bring about
 * @param isOwned whether our role has the rights of the table's owner
 * @param owner of the table
 */
record Firing(
        String kind,
        TableName table,
        String name,
        String state,
        boolean isDropped,
        String definition,
        String comment,
        boolean isUneven,
        boolean isOwned,
        String owner)
        implements Guarded {

    static Firing of(ResultSet row) throws SQLException {
        return new Firing(
                row.getString("kind"),
                new TableName(row.getString("nspname"), row.getString("relname")),
                row.getString("name"),
                row.getString("state"),
                row.getBoolean("dropped"),
                row.getString("definition"),
                row.getString("comment"),
                row.getBoolean("uneven"),
                row.getBoolean("owned"),
                row.getString("owner"));
    }

    /** Whether it fires in sessions of the replica role as well. */
    boolean firesInReplicas() {
        return state.equals("A") || state.equals("R");
    }

    @Override
    public Optional<String> obstacle() {
        if (!isOwned) {
            return Optional.of("the " + kind + " " + name + " of " + table + ", which belongs to " + owner + ": grant "
                    + Identifier.quote(owner) + " to the role, or make it the table's owner");
        }
        return isUneven
                ? Optional.of("the trigger " + name + " of " + table + ": a superuser has set it differently on"
                        + " partitions, which the role could not do again. Drop it for the time of the migration")
                : Optional.empty();
    }

    @Override
    public SetAside aside(int targetMajor) {
        return new SetAside(
                kind,
                table,
                name,
                isDropped,
                isDropped
                        ? "drop trigger " + Identifier.quote(name) + " on " + table.quoted()
                        : alter("disable", "only "),
                isDropped ? makeAgain() : enable("only "),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private String makeAgain() {
        return definition
                + (state.equals("O") ? "" : "; " + enable(""))
                + (comment.equals("null")
                        ? ""
                        : "; comment on trigger " + Identifier.quote(name) + " on " + table.quoted() + " is "
                                + comment);
    }

    private String enable(String only) {
        return switch (state) {
            case "A" -> alter("enable always", only);
            case "R" -> alter("enable replica", only);
            default -> alter("enable", only);
        };
    }

    private String alter(String how, String only) {
        return "alter table " + only + table.quoted() + " " + how + " " + kind + " " + Identifier.quote(name);
    }
}
