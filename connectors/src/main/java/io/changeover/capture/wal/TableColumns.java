package io.changeover.capture.wal;

import io.changeover.postgres.TableName;
import java.sql.SQLException;

/** Describes tables where the stream does not. */
@FunctionalInterface
public interface TableColumns {

    /**
     * Asks for a table as it is now.
     *
     * @return its columns and its replica identity; without columns if there is no such table
     */
    Relation of(TableName table) throws SQLException;
}
