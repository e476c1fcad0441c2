package io.changeover.load;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the parts of a table share is gone: the snapshot, or the rows that it sees. The table has to begin again. */
final class SnapshotLostException extends Exception {

    private static final long serialVersionUID = 1;

    /** Of an import: no such snapshot, by the words of different versions. */
    static final Set<String> SQL_STATES = Set.of("22023", "42704", "58P01");

    SnapshotLostException(String reason, @Nullable SQLException cause) {
        super(reason, cause);
    }
}
