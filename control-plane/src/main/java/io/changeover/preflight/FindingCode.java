package io.changeover.preflight;

import static io.changeover.preflight.Severity.BLOCKS;
import static io.changeover.preflight.Severity.INFORMS;
import static io.changeover.preflight.Severity.WARNS;

/**
 * Every code that a preflight can give, with its severity. A code keeps its meaning for ever; a check that goes leaves
 * its number unused.
 */
public enum FindingCode {
    // connections and the request itself
    SERVER_UNREACHABLE(1001, BLOCKS),
    TLS_FAILED(1002, BLOCKS),
    ROLE_REFUSED(1003, BLOCKS),
    DATABASE_ABSENT(1004, BLOCKS),
    CONNECTION_REFUSED(1005, BLOCKS),
    NOT_CHECKED(1006, BLOCKS),
    SERVER_IS_STANDBY(1007, BLOCKS),
    TARGET_LISTED_TWICE(1008, BLOCKS),
    SLOT_EXISTS(1009, BLOCKS),
    PUBLICATION_EXISTS(1010, BLOCKS),
    LEDGER_EXISTS(1011, BLOCKS),

    // the source server
    SOURCE_TOO_OLD(1101, BLOCKS),
    // 1102 was: a server before 14 has no messages in its stream
    WAL_LEVEL_NOT_LOGICAL(1103, BLOCKS),
    ROLE_CANNOT_REPLICATE(1104, BLOCKS),
    NO_FREE_SLOT(1105, BLOCKS),
    NO_FREE_WAL_SENDER(1106, BLOCKS),
    ROLE_CANNOT_END_SESSIONS(1107, BLOCKS),
    PREPARED_TRANSACTION(1108, WARNS),
    LONG_TRANSACTION(1109, WARNS),
    SESSIONS_HIDDEN(1110, INFORMS),
    TRUNCATE_NOT_CAPTURED(1111, WARNS),
    REPLICATION_NOT_LET_IN(1112, BLOCKS),

    // a source database
    TABLES_NOT_OWNED(1201, BLOCKS),
    ROLE_CANNOT_CREATE_PUBLICATION(1202, BLOCKS),
    NO_REPLICA_IDENTITY(1203, BLOCKS),
    TABLES_NOT_READABLE(1204, BLOCKS),
    ROW_SECURITY_APPLIES(1205, BLOCKS),
    TABLES_UNLOGGED(1206, WARNS),
    TABLES_FOREIGN(1207, INFORMS),
    ROLE_CANNOT_FENCE(1208, BLOCKS),
    LARGE_OBJECTS(1209, WARNS),
    REPLICA_IDENTITY_BECOMES_FULL(1210, INFORMS),
    SCHEMA_NAME_TAKEN(1211, BLOCKS),
    ENCODING_UNKNOWN(1212, WARNS),
    ROLE_CANNOT_MAKE_MARKERS(1213, BLOCKS),
    TABLES_WITH_OIDS(1214, WARNS),
    ENCODING_NOT_UTF8(1215, BLOCKS),
    PATTERN_MATCHES_NOTHING(1216, BLOCKS),
    TABLE_NEEDS_ANOTHER(1217, BLOCKS),
    FOREIGN_KEYS_LEFT_OUT(1218, WARNS),
    VIEWS_LEFT_OUT(1219, WARNS),
    LARGE_OBJECTS_NOT_READABLE(1220, BLOCKS),

    // a target database, and the two together
    TARGET_OLDER(1301, BLOCKS),
    ROLE_CANNOT_CREATE_SCHEMA(1302, BLOCKS),
    ROLE_CANNOT_SILENCE_TRIGGERS(1303, INFORMS),
    TARGET_NOT_EMPTY(1304, BLOCKS),
    TARGET_TABLE_MISSING(1305, BLOCKS),
    TARGET_COLUMNS_MISSING(1306, BLOCKS),
    TARGET_TABLE_HOLDS_ROWS(1307, BLOCKS),
    TARGET_TABLE_NOT_WRITABLE(1308, BLOCKS),
    ENCODINGS_DIFFER(1309, WARNS),
    EXTENSION_UNAVAILABLE(1310, BLOCKS),
    TARGET_HOLDS_LARGE_OBJECTS(1311, BLOCKS),

    // programs on this machine
    PROGRAM_MISSING(1401, BLOCKS),
    PG_DUMP_TOO_OLD(1402, BLOCKS),
    PG_RESTORE_TOO_OLD(1403, BLOCKS),

    // what keeps the target's triggers, rules and foreign keys quiet
    GUARD_OBSTACLE(1411, BLOCKS),
    EVENT_TRIGGERS_FIRE(1412, WARNS),
    ROW_SECURITY_IS_FORCED(1413, BLOCKS);

    private final int number;
    private final Severity severity;

    FindingCode(int number, Severity severity) {
        this.number = number;
        this.severity = severity;
    }

    /** The stable code, {@code CO-1103}. */
    public String code() {
        return "CO-" + number;
    }

    /** What every finding of this code does to the migration. */
    public Severity severity() {
        return severity;
    }

    Finding on(String object, String message, String fix) {
        return new Finding(code(), severity, object, message, fix);
    }
}
