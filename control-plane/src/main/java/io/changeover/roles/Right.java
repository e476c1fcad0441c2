package io.changeover.roles;

import io.changeover.postgres.Identifier;
import java.util.Locale;
import java.util.Optional;

/**
 * A privilege of a role on an object.
 *
 * @param on the object
 * @param foreign whether the object is the server's or an extension's
 * @param owner the role that owns it
 * @param grantee who has it; empty: PUBLIC
 * @param privilege in PostgreSQL's words
 * @param grantable whether he may grant it
 * @param now whether he has it
 * @param before whether he had it when the object was made
 */
record Right(
        Place on,
        boolean foreign,
        String owner,
        Optional<String> grantee,
        String privilege,
        boolean grantable,
        boolean now,
        boolean before) {

    private static final String DEFAULTS = "DEFAULT PRIVILEGES";
    private static final String COLUMN = "COLUMN";
    private static final String DATABASE = "DATABASE";

    /**
     * An object, or for default privileges those that will be made.
     *
     * @param kind TABLE, COLUMN, ROUTINE …
     * @param identity what SQL calls it, of a column its table; quoted
     * @param name of the column, or the kind of objects to be made; empty for others
     */
    record Place(String kind, String identity, String name) {

        boolean isDefaults() {
            return kind.equals(DEFAULTS);
        }

        boolean isDatabase() {
            return kind.equals(DATABASE);
        }

        /** The object that has to be there. */
        Place whole() {
            return kind.equals(COLUMN) ? new Place("TABLE", identity, "") : this;
        }

        /** For people: {@code table "public"."film"}. */
        String shown() {
            return switch (kind) {
                case DEFAULTS -> "default privileges " + identity + " on " + name;
                case COLUMN -> "column " + identity + "." + Identifier.quote(name);
                default -> (kind.toLowerCase(Locale.ROOT) + " " + identity).strip();
            };
        }

        /** A privilege as GRANT names it. */
        String privilege(String privilege) {
            return kind.equals(COLUMN) ? privilege + " (" + Identifier.quote(name) + ")" : privilege;
        }

        /** What GRANT says of it. */
        String clause(String database) {
            return switch (kind) {
                case DEFAULTS -> name;
                case COLUMN -> "table " + identity;
                case DATABASE -> "database " + Identifier.quote(database);
                default -> kind.toLowerCase(Locale.ROOT) + " " + identity;
            };
        }
    }

    /** A privilege on an object and who has it. */
    record Holding(Place on, Optional<String> grantee, String privilege) {}

    Holding holding() {
        return new Holding(on, grantee, privilege);
    }

    boolean isPublic() {
        return grantee.isEmpty();
    }

    boolean isOwners() {
        return grantee.filter(owner::equals).isPresent();
    }
}
