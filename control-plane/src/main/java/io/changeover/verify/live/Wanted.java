package io.changeover.verify.live;

import io.changeover.postgres.TableName;
import java.util.Set;

/**
 * What is to be compared.
 *
 * @param who wants it
 * @param some tables; empty for all
 * @param told whether the audit is told of it
 */
record Wanted(String who, Set<TableName> some, boolean told) {

    Wanted {
        some = Set.copyOf(some);
    }

    boolean has(TableName table) {
        return isAll() || some.contains(table);
    }

    boolean isAll() {
        return some.isEmpty();
    }
}
