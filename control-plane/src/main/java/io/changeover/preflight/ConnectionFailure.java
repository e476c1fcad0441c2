package io.changeover.preflight;

import io.changeover.postgres.Identifier;
import io.changeover.postgres.ServerSettings;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Turns a failed connection into a finding that tells an operator which of host, role, database or TLS it was. */
final class ConnectionFailure {

    private ConnectionFailure() {}

    /**
     * The finding.
     *
     * @param side which server
     * @param settings where it was tried
     * @param failure what the driver threw
     */
    static Finding finding(Side side, ServerSettings settings, SQLException failure) {
        String server = side.server(settings);
        String state = state(failure);
        String said = said(failure);
        if (state.startsWith("28")) {
            return FindingCode.ROLE_REFUSED.on(
                    server,
                    "The server refuses the role " + settings.user() + ": " + said,
                    "check user and password of the migration file, that the role may log in, and that pg_hba.conf or "
                            + "the firewall rules let it in with sslMode " + settings.sslMode());
        }
        if (state.equals("3D000")) {
            return absent(side, settings);
        }
        if (!state.startsWith("08")) {
            return FindingCode.CONNECTION_REFUSED.on(
                    side.database(settings.database()),
                    "The server refuses the connection: " + said,
                    "see the server's message (SQLSTATE " + state + ")");
        }
        return isTls(failure) ? tls(server, settings, said) : unreachable(server, said);
    }

    private static Finding absent(Side side, ServerSettings settings) {
        String name = Identifier.quote(settings.database());
        return FindingCode.DATABASE_ABSENT.on(
                side.database(settings.database()),
                "There is no database of this name on " + side.server(settings) + ".",
                switch (side) {
                    case SOURCE -> "correct its name in the migration file";
                    case TARGET -> "create database " + name + " with encoding 'UTF8' template template0;";
                });
    }

    private static Finding tls(String server, ServerSettings settings, String said) {
        return FindingCode.TLS_FAILED.on(
                server,
                "No encrypted connection with sslMode " + settings.sslMode() + ": " + said,
                "check sslRootCert, that the certificate is for this host, and that the server offers TLS");
    }

    private static Finding unreachable(String server, String said) {
        return FindingCode.SERVER_UNREACHABLE.on(
                server,
                "The server cannot be reached: " + said,
                "check host and port of the migration file, and that the network and the firewall let this machine through");
    }

    private static boolean isTls(SQLException failure) {
        return causes(failure)
                .anyMatch(cause -> cause instanceof SSLException
                        || cause instanceof CertificateException
                        || said(cause).contains("SSL")
                        || said(cause).contains("could not be verified"));
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.concat(
                Stream.of(failure),
                Optional.ofNullable(failure.getCause()).stream().flatMap(ConnectionFailure::causes));
    }

    static String state(SQLException failure) {
        return Optional.ofNullable(failure.getSQLState()).orElse("08000");
    }

    /** The first line of what was said; the driver's and the server's messages hold no password. */
    static String said(Throwable failure) {
        return Optional.ofNullable(failure.getMessage())
                .flatMap(message -> message.lines().findFirst())
                .orElse(failure.getClass().getSimpleName());
    }
}
