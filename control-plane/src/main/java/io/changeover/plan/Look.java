package io.changeover.plan;

import io.changeover.postgres.TableName;
import io.changeover.sink.guard.Guarding;
import java.util.List;

/**
 * What of a plan depends on the servers.
 *
 * @param sourceMajor the source's major version, 9 for 9.6
 * @param targetMajor the target's major version
 * @param tables the tables whose rows are migrated
 * @param becomingFull of these, the ones that get REPLICA IDENTITY FULL
 * @param guarding how triggers, rules and foreign keys of the target are kept quiet
 * @param setAside what of them is disabled or dropped until the cutover
 * @param indexes those of the target that are dropped for the load
 */
public record Look(
        int sourceMajor,
        int targetMajor,
        List<TableName> tables,
        List<TableName> becomingFull,
        Guarding guarding,
        List<String> setAside,
        List<String> indexes) {

    public Look {
        tables = List.copyOf(tables);
        becomingFull = List.copyOf(becomingFull);
        setAside = List.copyOf(setAside);
        indexes = List.copyOf(indexes);
    }
}
