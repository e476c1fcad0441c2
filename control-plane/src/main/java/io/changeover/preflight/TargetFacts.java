package io.changeover.preflight;

import io.changeover.postgres.TableName;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked of a target database.
 *
 * @param server what both servers are asked
 * @param database what both databases are asked
 * @param tables its user tables
 * @param extensions what it could create or has
 * @param silencesTriggers whether our role may set session_replication_role
 * @param hasLedger whether there is a schema "changeover"
 * @param largeObjects how many large objects it holds
 * @param state what it is like besides
 * @param guard what the constraint guard will meet
 */
record TargetFacts(
        ServerFacts server,
        DatabaseFacts database,
        Map<TableName, TargetTable> tables,
        Extensions extensions,
        boolean silencesTriggers,
        boolean hasLedger,
        long largeObjects,
        TargetState state,
        GuardFacts guard) {

    TargetFacts {
        tables = Map.copyOf(tables);
    }

    Optional<TargetTable> table(TableName name) {
        return Optional.ofNullable(tables.get(name));
    }

    /**
     * A table of the target.
     *
     * @param columns the names of its columns
     * @param writable whether our role may select, insert, update, delete and truncate
     * @param rowSecurity whether row security applies to our role
     * @param holdsRows whether there is a row; false if that was not asked
     */
    record TargetTable(Set<String> columns, boolean writable, boolean rowSecurity, boolean holdsRows) {

        TargetTable {
            columns = Set.copyOf(columns);
        }
    }

    /**
     * Extensions of a server.
     *
     * @param available what is installed on the machine
     * @param created what the database has
     * @param allowed Azure's list {@code azure.extensions}; empty where there is no such list
     */
    record Extensions(Set<String> available, Set<String> created, Optional<Set<String>> allowed) {

        Extensions {
            available = Set.copyOf(available);
            created = Set.copyOf(created);
        }

        boolean canHave(String name) {
            return created.contains(name) || (available.contains(name) && isAllowed(name));
        }

        boolean isAllowed(String name) {
            return allowed.map(names -> names.contains(name.toLowerCase(Locale.ROOT)))
                    .orElse(true);
        }
    }
}
