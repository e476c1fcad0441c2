package io.changeover.preflight;

import static io.changeover.preflight.Rule.when;

import io.changeover.postgres.Identifier;
import io.changeover.postgres.ServerSettings;
import io.changeover.schema.Filenodes;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Checks of the source server as a whole. */
final class SourceServerRules {

    static final List<Rule<SourceServerFacts>> ALL = List.of(
            SourceServerRules::truncate,
            SourceServerRules::standby,
            SourceServerRules::walLevel,
            SourceServerRules::replication,
            SourceServerRules::slots,
            SourceServerRules::walSenders,
            SourceServerRules::keptWal,
            SourceServerRules::connections,
            SourceServerRules::endsSessions,
            SourceServerRules::prepared,
            SourceServerRules::longTransactions,
            SourceServerRules::hiddenSessions);

    private static final int OLDEST = 9_06_00;
    private static final long LITTLE_WAL = 10L << 30;
    private static final Duration LONG = Duration.ofMinutes(10);

    private SourceServerRules() {}

    /** Stands apart: nothing else can be read from a server that old. */
    static Stream<Finding> tooOld(ServerFacts server) {
        return when(
                server.version() < OLDEST,
                FindingCode.SOURCE_TOO_OLD,
                server.object(),
                "The server is PostgreSQL " + server.versionText() + ", whose stream has no logical messages.",
                "upgrade the source to PostgreSQL 9.6 or later first");
    }

    private static Stream<Finding> truncate(SourceServerFacts facts, PreflightRequest request) {
        return when(
                Filenodes.areNeeded(facts.server().major()),
                FindingCode.TRUNCATE_NOT_CAPTURED,
                facts.server().object(),
                "The server is PostgreSQL " + facts.server().versionText() + ", whose stream of changes does not have "
                        + "TRUNCATE. The cutover is refused if a table was truncated, or rewritten by VACUUM FULL, "
                        + "CLUSTER or ALTER TABLE, after the start.",
                "until the cutover use delete in place of truncate, and none of the others; or upgrade the source to "
                        + "PostgreSQL 11 or later first");
    }

    private static Stream<Finding> standby(SourceServerFacts facts, PreflightRequest request) {
        return standby(facts.server());
    }

    static Stream<Finding> standby(ServerFacts server) {
        return when(
                server.standby(),
                FindingCode.SERVER_IS_STANDBY,
                server.object(),
                "The server is a read replica.",
                "name the primary server in the migration file");
    }

    private static Stream<Finding> walLevel(SourceServerFacts facts, PreflightRequest request) {
        return when(
                !facts.walLevel().equals("logical"),
                FindingCode.WAL_LEVEL_NOT_LOGICAL,
                facts.server().object(),
                "wal_level is " + facts.walLevel() + "; changes can be captured only with logical.",
                facts.server().provider() == Provider.RDS
                        ? CloudCommands.restartParameter(facts.server(), "rds.logical_replication", "1")
                        : CloudCommands.restartParameter(facts.server(), "wal_level", "logical"));
    }

    private static Stream<Finding> replication(SourceServerFacts facts, PreflightRequest request) {
        String role = Identifier.quote(facts.server().role().name());
        return when(
                !facts.server().role().replicates(),
                FindingCode.ROLE_CANNOT_REPLICATE,
                facts.server().object(),
                "The role " + facts.server().role().name() + " may not read the stream of changes.",
                Fix.sql(
                        facts.server().provider() == Provider.RDS
                                ? "grant rds_replication to " + role + ";"
                                : "alter role " + role + " with replication;"));
    }

    /** Stands apart: somebody has to have tried. */
    static Finding replicationNotLetIn(ServerFacts server, ServerSettings source, String said) {
        return FindingCode.REPLICATION_NOT_LET_IN.on(
                server.object(),
                "The server refuses replication connections, which before PostgreSQL 10 need lines of their own in "
                        + "pg_hba.conf: " + said,
                "add to pg_hba.conf, for the addresses of this machine and of the Connect workers, and reload: "
                        + (source.sslMode().equals("disable") ? "host" : "hostssl") + " replication "
                        + Identifier.quote(source.user()) + " <address>/32 md5");
    }

    private static Stream<Finding> slots(SourceServerFacts facts, PreflightRequest request) {
        long wanted = wantedSlots(facts, request);
        int free = Math.max(0, facts.maxSlots() - facts.slots().size());
        return when(
                free < wanted,
                FindingCode.NO_FREE_SLOT,
                facts.server().object(),
                Phrases.count(wanted, "replication slot") + " needed, one per database, and " + free + " of "
                        + facts.maxSlots() + " free.",
                CloudCommands.restartParameter(
                                facts.server(),
                                "max_replication_slots",
                                String.valueOf(facts.slots().size() + wanted))
                        .or("; or drop slots that nobody uses"
                                + (facts.slots().isEmpty() ? "" : "; there are: " + Phrases.some(facts.slots()))));
    }

    private static Stream<Finding> walSenders(SourceServerFacts facts, PreflightRequest request) {
        long wanted = wantedSlots(facts, request);
        int free = Math.max(0, facts.maxWalSenders() - facts.walSenders());
        return when(
                free < wanted,
                FindingCode.NO_FREE_WAL_SENDER,
                facts.server().object(),
                Phrases.count(wanted, "WAL sender") + " needed, one per database, and " + free + " of "
                        + facts.maxWalSenders() + " free.",
                CloudCommands.restartParameter(
                        facts.server(), "max_wal_senders", String.valueOf(facts.walSenders() + wanted)));
    }

    private static Stream<Finding> keptWal(SourceServerFacts facts, PreflightRequest request) {
        return facts.keptBytes().stream()
                .flatMap(kept -> Stream.concat(
                        when(
                                kept < 0,
                                FindingCode.WAL_IS_KEPT_WITHOUT_LIMIT,
                                facts.server().object(),
                                "max_slot_wal_keep_size is -1: while the capture does not run, the source keeps its WAL"
                                        + " until the disk is full.",
                                keepFix(
                                        facts.server(),
                                        "watch the source's disk (status shows what the slot keeps), or"
                                                + " set a limit, at which the migration has to start again")),
                        when(
                                kept >= 0 && kept < LITTLE_WAL,
                                FindingCode.SLOT_MAY_BE_LOST,
                                facts.server().object(),
                                "max_slot_wal_keep_size is " + Phrases.size(kept)
                                        + ": if the capture does not run while"
                                        + " the source writes that much, the slot is lost and the migration has to start"
                                        + " again.",
                                keepFix(facts.server(), "raise it as far as the disk allows"))));
    }

    private static Fix keepFix(ServerFacts server, String text) {
        return server.provider() == Provider.OTHER
                ? Fix.sql(
                        text,
                        new String[] {"alter system set max_slot_wal_keep_size = '100GB';", "select pg_reload_conf();"})
                : Fix.text(text + " (parameter max_slot_wal_keep_size)");
    }

    private static Stream<Finding> connections(SourceServerFacts facts, PreflightRequest request) {
        return ConnectionRules.scarce(FindingCode.SOURCE_CONNECTIONS_SCARCE, facts.server(), facts.sessions(), request);
    }

    /** On a resume some slots are there already. */
    private static long wantedSlots(SourceServerFacts facts, PreflightRequest request) {
        return request.pairs().stream()
                .filter(pair -> !facts.slots().contains(pair.slot()))
                .count();
    }

    private static Stream<Finding> endsSessions(SourceServerFacts facts, PreflightRequest request) {
        String role = facts.server().role().name();
        return when(
                !facts.server().role().endsSessions(),
                FindingCode.ROLE_CANNOT_END_SESSIONS,
                facts.server().object(),
                "The role " + role + " may not end the sessions of others, which the cutover does to stop writes.",
                Fix.sql(facts.server().grant("pg_signal_backend")));
    }

    private static Stream<Finding> prepared(SourceServerFacts facts, PreflightRequest request) {
        return facts.prepared().stream()
                .map(transaction -> FindingCode.PREPARED_TRANSACTION.on(
                        facts.server().object(),
                        "The prepared transaction '" + transaction.gid() + "' of " + transaction.owner() + " in "
                                + transaction.database() + " is neither committed nor rolled back. No slot can be "
                                + "created before it is.",
                        "let its transaction manager finish it, or in database " + transaction.database()
                                + ": rollback prepared '" + transaction.gid().replace("'", "''") + "';"));
    }

    private static Stream<Finding> longTransactions(SourceServerFacts facts, PreflightRequest request) {
        return facts.open().stream()
                .filter(transaction -> transaction.age().compareTo(LONG) >= 0)
                .map(transaction -> FindingCode.LONG_TRANSACTION.on(
                        facts.server().object(),
                        "Session " + transaction.pid() + " of " + transaction.user() + " in " + transaction.database()
                                + " has had a transaction open for "
                                + Phrases.count(transaction.age().toMinutes(), "minute")
                                + ". No slot can be created before it ends.",
                        "wait for it, or select pg_terminate_backend(" + transaction.pid() + ");"));
    }

    private static Stream<Finding> hiddenSessions(SourceServerFacts facts, PreflightRequest request) {
        String role = facts.server().role().name();
        return when(
                !facts.server().role().seesSessions(),
                FindingCode.SESSIONS_HIDDEN,
                facts.server().object(),
                "The role " + role + " cannot see how long the transactions of others are open; long ones delay "
                        + "the start.",
                facts.server().major() >= 10
                        ? Fix.sql(facts.server().grant("pg_monitor"))
                        : Fix.text("look as a superuser: select pid, usename, xact_start from pg_stat_activity"
                                + " where xact_start is not null order by xact_start;"));
    }
}
