package io.changeover.preflight;

import static io.changeover.preflight.Rule.when;

import io.changeover.postgres.ServerSettings;
import io.changeover.preflight.PreflightRequest.Pair;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Checks of how the servers are reached. */
final class ConnectionRules {

    private static final int PGBOUNCER = 6432;
    private static final Duration CERTIFICATE = Duration.ofDays(30);
    private static final Duration CLOCKS = Duration.ofSeconds(5);

    /** Of a pair on one server: capture or sink, two readers or writers, the control plane with a comparison. */
    private static final int SESSIONS = 8;

    private static final Set<String> UNVERIFIED = Set.of("disable", "require");

    private ConnectionRules() {}

    /** What the settings alone tell. */
    static Stream<Finding> settings(Side side, ServerSettings server) {
        boolean azure = server.host().endsWith(Provider.AZURE_DOMAIN);
        boolean pooler = server.port() == PGBOUNCER;
        return Stream.of(
                        when(
                                pooler && azure,
                                FindingCode.PORT_OF_A_POOLER,
                                side.server(server),
                                "Port 6432 is PgBouncer's, whose sessions are not the server's: settings, locks and"
                                        + " replication need a session of their own.",
                                "port: 5432 in the migration file"),
                        when(
                                pooler && !azure,
                                FindingCode.POOLER_SUSPECTED,
                                side.server(server),
                                "Port 6432 is usually PgBouncer's, whose sessions are not the server's: settings, locks"
                                        + " and replication need a session of their own.",
                                "name the server's own port in the migration file, if it is PgBouncer"),
                        when(
                                UNVERIFIED.contains(server.sslMode()) && !isLocal(server.host()),
                                FindingCode.TLS_NOT_VERIFIED,
                                side.server(server),
                                server.sslMode().equals("disable")
                                        ? "The connection is not encrypted: rows and a form of the password can be read on"
                                                + " the way."
                                        : "The connection is encrypted, but whoever answers is believed to be the server.",
                                "sslMode: verify-full in the migration file, with sslRootCert for roots that the JDK"
                                        + " does not have"))
                .flatMap(found -> found);
    }

    /** Names are not looked up: whoever answers for them may be anywhere. */
    private static boolean isLocal(String host) {
        try {
            return host.equals("localhost")
                    || (host.matches("[0-9.]+|.*:.*")
                            && InetAddress.getByName(host).isLoopbackAddress());
        } catch (UnknownHostException e) {
            return false;
        }
    }

    static Stream<Finding> certificate(Side side, ServerSettings server, Optional<Instant> expiry, Instant now) {
        return expiry
                .filter(end -> end.isBefore(now.plus(CERTIFICATE)))
                .map(end -> FindingCode.CERTIFICATE_EXPIRES.on(
                        side.server(server),
                        "The server's certificate is valid until " + end + ". Connections that are made after that fail"
                                + " with sslMode verify-ca and verify-full.",
                        "renew it before the start: a migration runs for days"))
                .stream();
    }

    static Stream<Finding> clocks(ServerFacts server) {
        Duration ahead = server.ahead();
        return when(
                ahead.abs().compareTo(CLOCKS) > 0,
                FindingCode.CLOCKS_DIFFER,
                server.object(),
                "The server's clock is " + Phrases.about(ahead.abs()) + (ahead.isNegative() ? " behind" : " ahead of")
                        + " this machine's: how far the target is behind in time cannot be told right.",
                "let both be set by NTP");
    }

    static Stream<Finding> sameDatabase(PreflightRequest request) {
        return request.pairs().stream()
                .filter(pair -> isSame(pair.source(), pair.target()))
                .map(Pair::target)
                .map(target -> FindingCode.SOURCE_IS_TARGET.on(
                        Side.TARGET.database(target.database()),
                        "It is the source database itself.",
                        "name another target in the migration file"));
    }

    private static boolean isSame(ServerSettings source, ServerSettings target) {
        return source.host().equalsIgnoreCase(target.host())
                && source.port() == target.port()
                && source.database().equals(target.database());
    }

    /** Of a migration that has begun the sessions are there already. */
    static Stream<Finding> scarce(
            FindingCode code, ServerFacts server, SessionFacts sessions, PreflightRequest request) {
        long wanted = (long) SESSIONS * request.pairs().size();
        return when(
                !request.resume() && sessions.free() < wanted,
                code,
                server.object(),
                "The migration opens up to " + wanted + " sessions on the server, and the role "
                        + server.role().name() + " may open " + Math.max(0, sessions.free()) + " more.",
                CloudCommands.restartParameter(
                                server,
                                "max_connections",
                                String.valueOf(sessions.maxConnections() + wanted - Math.max(0, sessions.free())))
                        .or("; or raise the connection limit of the role or the database, if it is that"));
    }
}
