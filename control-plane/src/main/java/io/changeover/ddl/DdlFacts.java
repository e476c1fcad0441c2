package io.changeover.ddl;

import io.changeover.contract.TableDefinition;
import io.changeover.definition.AcceptedDefinition;
import io.changeover.postgres.TableName;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How tables are defined on both sides.
 *
 * @param published the tables of the migration
 * @param candidates tables of the source that belong to the migration by its file, published or not
 * @param parents of the partitions among them: the topmost table
 * @param source published tables as the source has them
 * @param target the same and the candidates, as the target has them
 * @param accepted what the rows of the target are of
 * @param statements what was recorded on the source, by table
 * @param copies whether definitions are copied from the source
 */
record DdlFacts(
        Set<TableName> published,
        Set<TableName> candidates,
        Map<TableName, TableName> parents,
        Map<TableName, TableDefinition> source,
        Map<TableName, TableDefinition> target,
        Map<TableName, AcceptedDefinition> accepted,
        Map<TableName, List<DdlStatement>> statements,
        boolean copies) {

    DdlFacts {
        published = Set.copyOf(published);
        candidates = Set.copyOf(candidates);
        parents = Map.copyOf(parents);
        source = Map.copyOf(source);
        target = Map.copyOf(target);
        accepted = Map.copyOf(accepted);
        statements = Map.copyOf(statements);
    }
}
