package io.changeover.sink.guard;

import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A foreign key that holds for all rows of the target, or will say so when it is put back.
 *
 * @param definition without a word about validity
 * @param proof the query that counts the rows which violate it; runs on the source as well
 */
public record ClaimedKey(TableName table, String name, String definition, String proof) {

    /** All of them, on both sides of the guard. */
    public static List<ClaimedKey> read(Connection target) throws SQLException {
        List<ClaimedKey> recorded = Stream.concat(
                        GuardRecord.setAside(target).stream(), GuardRecord.toValidate(target).stream())
                .filter(aside -> aside.proof().isPresent())
                .map(aside -> new ClaimedKey(
                        aside.table(),
                        aside.name(),
                        aside.definition().orElseThrow(),
                        aside.proof().orElseThrow()))
                .toList();
        List<ClaimedKey> present = GuardCatalog.foreignKeys(target).stream()
                .filter(ForeignKeyFacts::isValid)
                .map(ForeignKeyFacts::claim)
                .filter(key -> recorded.stream().noneMatch(key::hasNameOf))
                .toList();
        return Stream.concat(recorded.stream(), present.stream()).toList();
    }

    /** The same key among those of a server. */
    public Optional<ForeignKeyFacts> among(List<ForeignKeyFacts> keys) {
        return keys.stream()
                .filter(key -> key.table().equals(table)
                        && key.name().equals(name)
                        && key.essence().equals(definition))
                .findFirst();
    }

    /** Lets it be put back NOT VALID for good, as it is violated on the source as well; nothing if it is there. */
    public void leaveNotValid(Connection target) throws SQLException {
        for (SetAside aside : GuardRecord.setAside(target)) {
            if (aside.table().equals(table) && aside.name().equals(name)) {
                GuardRecord.leaveNotValid(target, aside);
            }
        }
    }

    private boolean hasNameOf(ClaimedKey other) {
        return table.equals(other.table) && name.equals(other.name);
    }

    /** {@code schema.table.name}, for people. */
    @Override
    public String toString() {
        return table + "." + name;
    }
}
