package io.changeover.capture.wal;

import io.changeover.postgres.TableName;
import java.sql.SQLException;
import java.util.Set;

/** Describes tables where the stream does not. */
public interface TableColumns {

    /** The tables whose changes are wanted; others may be in the stream. They are the same as long as it lasts. */
    Set<TableName> wanted() throws SQLException;

    /**
     * Asks for a table as it is now.
     *
     * @return its columns and its replica identity; without columns if there is no such table
     */
    Relation of(TableName table) throws SQLException;
}
