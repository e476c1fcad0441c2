package io.changeover.preflight;

import static io.changeover.preflight.Part.CLUSTER;
import static io.changeover.preflight.Part.CONNECTIONS;
import static io.changeover.preflight.Part.PROGRAMS;
import static io.changeover.preflight.Part.SOURCE_DATABASE;
import static io.changeover.preflight.Part.SOURCE_SERVER;
import static io.changeover.preflight.Part.TARGET;
import static io.changeover.preflight.Severity.BLOCKS;
import static io.changeover.preflight.Severity.INFORMS;
import static io.changeover.preflight.Severity.WARNS;

import java.util.Locale;

/**
 * Every code that a preflight can give, with its severity. A code keeps its meaning for ever; a check that goes leaves
 * its number unused.
 */
public enum FindingCode {
    // connections and the request itself
    SERVER_UNREACHABLE(1001, BLOCKS, CONNECTIONS),
    TLS_FAILED(1002, BLOCKS, CONNECTIONS),
    ROLE_REFUSED(1003, BLOCKS, CONNECTIONS),
    DATABASE_ABSENT(1004, BLOCKS, CONNECTIONS),
    CONNECTION_REFUSED(1005, BLOCKS, CONNECTIONS),
    NOT_CHECKED(1006, BLOCKS, CONNECTIONS),
    SERVER_IS_STANDBY(1007, BLOCKS, CONNECTIONS),
    TARGET_LISTED_TWICE(1008, BLOCKS, CONNECTIONS),
    SLOT_EXISTS(1009, BLOCKS, SOURCE_DATABASE),
    PUBLICATION_EXISTS(1010, BLOCKS, SOURCE_DATABASE),
    LEDGER_EXISTS(1011, BLOCKS, TARGET),

    // the source server
    SOURCE_TOO_OLD(1101, BLOCKS, SOURCE_SERVER),
    // 1102 was: a server before 14 has no messages in its stream
    WAL_LEVEL_NOT_LOGICAL(1103, BLOCKS, SOURCE_SERVER),
    ROLE_CANNOT_REPLICATE(1104, BLOCKS, SOURCE_SERVER),
    NO_FREE_SLOT(1105, BLOCKS, SOURCE_SERVER),
    NO_FREE_WAL_SENDER(1106, BLOCKS, SOURCE_SERVER),
    ROLE_CANNOT_END_SESSIONS(1107, BLOCKS, SOURCE_SERVER),
    PREPARED_TRANSACTION(1108, WARNS, SOURCE_SERVER),
    LONG_TRANSACTION(1109, WARNS, SOURCE_SERVER),
    SESSIONS_HIDDEN(1110, INFORMS, SOURCE_SERVER),
    TRUNCATE_NOT_CAPTURED(1111, WARNS, SOURCE_SERVER),
    REPLICATION_NOT_LET_IN(1112, BLOCKS, SOURCE_SERVER),

    // a source database
    TABLES_NOT_OWNED(1201, BLOCKS, SOURCE_DATABASE),
    ROLE_CANNOT_CREATE_PUBLICATION(1202, BLOCKS, SOURCE_DATABASE),
    NO_REPLICA_IDENTITY(1203, BLOCKS, SOURCE_DATABASE),
    TABLES_NOT_READABLE(1204, BLOCKS, SOURCE_DATABASE),
    ROW_SECURITY_APPLIES(1205, BLOCKS, SOURCE_DATABASE),
    TABLES_UNLOGGED(1206, WARNS, SOURCE_DATABASE),
    TABLES_FOREIGN(1207, INFORMS, SOURCE_DATABASE),
    ROLE_CANNOT_FENCE(1208, BLOCKS, SOURCE_DATABASE),
    LARGE_OBJECTS(1209, WARNS, SOURCE_DATABASE),
    REPLICA_IDENTITY_BECOMES_FULL(1210, INFORMS, SOURCE_DATABASE),
    SCHEMA_NAME_TAKEN(1211, BLOCKS, SOURCE_DATABASE),
    ENCODING_UNKNOWN(1212, WARNS, SOURCE_DATABASE),
    ROLE_CANNOT_MAKE_MARKERS(1213, BLOCKS, SOURCE_DATABASE),
    TABLES_WITH_OIDS(1214, WARNS, SOURCE_DATABASE),
    ENCODING_NOT_UTF8(1215, BLOCKS, SOURCE_DATABASE),
    PATTERN_MATCHES_NOTHING(1216, BLOCKS, SOURCE_DATABASE),
    TABLE_NEEDS_ANOTHER(1217, BLOCKS, SOURCE_DATABASE),
    FOREIGN_KEYS_LEFT_OUT(1218, WARNS, SOURCE_DATABASE),
    VIEWS_LEFT_OUT(1219, WARNS, SOURCE_DATABASE),
    LARGE_OBJECTS_NOT_READABLE(1220, BLOCKS, SOURCE_DATABASE),

    // a target database, and the two together
    TARGET_OLDER(1301, BLOCKS, TARGET),
    ROLE_CANNOT_CREATE_SCHEMA(1302, BLOCKS, TARGET),
    ROLE_CANNOT_SILENCE_TRIGGERS(1303, INFORMS, TARGET),
    TARGET_NOT_EMPTY(1304, BLOCKS, TARGET),
    TARGET_TABLE_MISSING(1305, BLOCKS, TARGET),
    TARGET_COLUMNS_MISSING(1306, BLOCKS, TARGET),
    TARGET_TABLE_HOLDS_ROWS(1307, BLOCKS, TARGET),
    TARGET_TABLE_NOT_WRITABLE(1308, BLOCKS, TARGET),
    ENCODINGS_DIFFER(1309, WARNS, TARGET),
    EXTENSION_UNAVAILABLE(1310, BLOCKS, TARGET),
    TARGET_HOLDS_LARGE_OBJECTS(1311, BLOCKS, TARGET),

    // programs on this machine
    PROGRAM_MISSING(1401, BLOCKS, PROGRAMS),
    PG_DUMP_TOO_OLD(1402, BLOCKS, PROGRAMS),
    PG_RESTORE_TOO_OLD(1403, BLOCKS, PROGRAMS),

    // what keeps the target's triggers, rules and foreign keys quiet
    GUARD_OBSTACLE(1411, BLOCKS, TARGET),
    EVENT_TRIGGERS_FIRE(1412, WARNS, TARGET),
    ROW_SECURITY_IS_FORCED(1413, BLOCKS, TARGET),

    // Kafka and Kafka Connect
    KAFKA_UNREACHABLE(1501, BLOCKS, CLUSTER),
    CONNECT_UNREACHABLE(1502, BLOCKS, CLUSTER),
    PLUGIN_MISSING(1503, BLOCKS, CLUSTER),
    TOPIC_UNFIT(1504, BLOCKS, CLUSTER),
    PLUGIN_VERSION_DIFFERS(1505, WARNS, CLUSTER),
    CONNECT_TOO_OLD(1506, WARNS, CLUSTER),
    CONNECTOR_REFUSED(1507, BLOCKS, CLUSTER),
    TOPICS_NOT_REPLICATED(1508, WARNS, CLUSTER),
    BROKER_DISK_SMALL(1509, WARNS, CLUSTER);

    private final int number;
    private final Severity severity;
    private final Part part;

    FindingCode(int number, Severity severity, Part part) {
        this.number = number;
        this.severity = severity;
        this.part = part;
    }

    /** The stable code, {@code CO-1103}. */
    public String code() {
        return "CO-" + number;
    }

    /** What every finding of this code does to the migration. */
    public Severity severity() {
        return severity;
    }

    /** What has to be reached for the check to run. */
    public Part part() {
        return part;
    }

    /** {@code wal level not logical}. */
    String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    Finding on(String object, String message, String fix) {
        return on(object, message, Fix.text(fix));
    }

    Finding on(String object, String message, Fix fix) {
        return new Finding(code(), severity, object, message, fix.text(), fix.commands());
    }
}
