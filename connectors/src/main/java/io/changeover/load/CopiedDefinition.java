package io.changeover.load;

import io.changeover.contract.TableDefinition;
import io.changeover.definition.AcceptedDefinition;
import io.changeover.definition.CatalogDefinitions;
import io.changeover.ledger.DefinitionLedger;
import io.changeover.postgres.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** What definition a copy is made of: whether the source was altered since is told by comparing with it. */
record CopiedDefinition(Optional<TableDefinition> source) {

    /** That of a table in the copy's snapshot. The table is locked, so that it stays so. */
    static CopiedDefinition of(Connection from, TableName table) throws SQLException {
        return new CopiedDefinition(CatalogDefinitions.ofSource(from, table));
    }

    /** Notes it, in the transaction that makes the copy final. */
    void note(Connection into) throws SQLException {
        if (source.isPresent()) {
            Optional<TableDefinition> target =
                    CatalogDefinitions.ofTarget(into, source.get().table());
            if (target.isPresent()) {
                DefinitionLedger.write(into, AcceptedDefinition.of(source.get(), target.get()));
            }
        }
    }
}
