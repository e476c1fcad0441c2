package io.changeover.sink.failure;

import static io.changeover.sink.failure.FailurePolicy.REFUSED;
import static io.changeover.sink.failure.FailurePolicy.RETRY;
import static io.changeover.sink.failure.FailurePolicy.STOP;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every decision about an error of the target, in one table. What is not in it stops: trying again would not help, and
 * going on would lose something. The documentation's table is made from this one.
 */
public final class FailureTable {

    static final List<FailureRule> RULES = List.of(
            rule(RETRY, "08", "The connection is lost, or was not made.", "Nothing, if the server comes back."),
            rule(RETRY, "40001", "A serialization failure.", "Nothing."),
            rule(RETRY, "40003", "A commit whose outcome is not known.", "Nothing: the position tells it."),
            rule(RETRY, "40P01", "A deadlock with another session.", "See who else writes to the tables."),
            rule(RETRY, "55P03", "A lock was not to be had in time.", "See who holds it, in `pg_locks`."),
            rule(
                    RETRY,
                    "57014",
                    "A statement was cancelled: by a person, or by a time limit that a provider enforces.",
                    "If it comes again and again: find who cancels, or lower `batch.size`."),
            rule(
                    RETRY,
                    "57P01 57P02 57P03 57P05",
                    "The server stops, starts, or has ended our session.",
                    "Nothing, if it comes back."),
            rule(
                    RETRY,
                    "25006",
                    "Read-only: a standby during a failover, or storage that is nearly full.",
                    "If it lasts: is the address that of the primary? Is there room on the disk?"),
            rule(
                    RETRY,
                    "25P03 25P04",
                    "A time limit has ended our session.",
                    "Raise `idle_in_transaction_session_timeout` or `transaction_timeout` if it lasts."),
            rule(RETRY, "53000 53200", "The server is out of memory or of locks.", lastingShortage()),
            rule(RETRY, "53100", "The disk is full.", "Make room. The stream then goes on by itself."),
            rule(RETRY, "53300", "There are too many connections.", "Raise the limit of server, database or role."),
            rule(
                    STOP,
                    "53400",
                    "A limit in the server's configuration was reached, such as `temp_file_limit`.",
                    "Raise it for the role, then restart the task."),
            rule(
                    STOP,
                    "28",
                    "The server does not let the role in: the password is wrong, or was changed a moment ago.",
                    "Put the right one where the configuration points to, then restart the task."),
            rule(STOP, "3D", "The database does not exist.", "Correct the configuration."),
            rule(STOP, "57P04", "The database was dropped.", "Begin anew."),
            rule(
                    STOP,
                    "26",
                    "A prepared statement is gone: a pooler is in between.",
                    "Connect to the server itself, not to PgBouncer."),
            rule(STOP, "58", "The server's disk or system has failed.", "Read the server's log."),
            rule(STOP, "XX", "The server is in trouble: damaged data, or a defect of it.", "Read its log."),
            rule(
                    REFUSED,
                    "02",
                    "The target has diverged: the row that was changed on the source is not there.",
                    "Find who else writes to the table, or what it was loaded from."),
            rule(
                    REFUSED,
                    "21",
                    "The target has diverged: there are several such rows.",
                    "Find who else writes to the table. Does the key of the source exist on the target?"),
            rule(
                    REFUSED,
                    "22",
                    "A value does not fit its column: another type, length or encoding.",
                    "Alter the column to what it is on the source."),
            rule(
                    REFUSED,
                    "23",
                    "A constraint of the target is violated: a row that exists, NULL, a check.",
                    "23505: find who wrote the row. Others: is the constraint the same on the source?"),
            rule(REFUSED, "44", "The check of a view is violated.", "Is the table a view on the target?"),
            rule(
                    REFUSED,
                    "42",
                    "A table, column, type or right is missing on the target.",
                    "Make it as it is on the source, or grant it."),
            rule(REFUSED, "3F", "A schema is missing on the target.", "Make it as it is on the source."),
            rule(REFUSED, "0A 55000 55006", "The table does not allow what is to be done.", "The message says why."),
            rule(
                    REFUSED,
                    "54",
                    "A limit of the server: a row or an index entry is too large for it.",
                    "Is there an index on the target that the source does not have?"),
            rule(
                    REFUSED,
                    "09 27 2F 38 39 P0",
                    "A trigger or a function of the target has failed.",
                    "See what fires there although triggers are silent: ENABLE ALWAYS or REPLICA, rules, checks."));

    static final FailureRule ANYTHING_ELSE =
            new FailureRule(STOP, List.of(), "Anything else.", "The message says what.");
    private static final FailureRule LOST = RULES.get(0);
    static final FailureRule CERTIFICATE =
            new FailureRule(STOP, List.of(), "The server's certificate is not trusted.", "Correct `connection.ssl…`.");

    private FailureTable() {}

    private static FailureRule rule(FailurePolicy policy, String states, String meaning, String advice) {
        return new FailureRule(policy, List.of(states.split(" ")), meaning, advice);
    }

    private static String lastingShortage() {
        return "If it lasts: give it more memory, or raise `max_locks_per_transaction`.";
    }

    /** What is not the server's word but the driver's is told by its cause: a lost connection, a certificate. */
    static FailureRule of(SQLException error) {
        if (causes(error).anyMatch(CertificateException.class::isInstance)) {
            return CERTIFICATE;
        }
        Optional<FailureRule> known = Optional.ofNullable(error.getSQLState()).flatMap(FailureTable::ofState);
        if (known.isEmpty() && causes(error).anyMatch(IOException.class::isInstance)) {
            return LOST;
        }
        return known.orElse(ANYTHING_ELSE);
    }

    /** What to do about an error, for the end of a message. */
    public static String advice(SQLException error) {
        return of(error).advice();
    }

    private static Optional<FailureRule> ofState(String state) {
        return RULES.stream().filter(rule -> rule.fit(state) > 0).max(Comparator.comparingInt(rule -> rule.fit(state)));
    }

    private static Stream<Throwable> causes(Throwable error) {
        return Stream.iterate(error, cause -> cause != null, Throwable::getCause)
                .limit(20);
    }
}
