package io.changeover.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections in the canonical settings, in which PostgreSQL's text form of a value is the same on every server:
 * DateStyle ISO, IntervalStyle postgres, bytea hex, extra_float_digits 3, UTC, nothing but the catalog on the search
 * path.
 */
public final class Connections {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private static final String CANONICAL = """
            set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set bytea_output = 'hex';
            set extra_float_digits = 3; set timezone = 'UTC'; set lc_monetary = 'C'; set xmloption = 'content';
            set quote_all_identifiers = off; set search_path = pg_catalog; set row_security = off;
            set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set lock_timeout = 0;
            set client_min_messages = 'warning';
            set default_transaction_read_only = off; set default_transaction_isolation = 'read committed'""";

    /** The same for a replication connection, which on an old server takes no other SQL. */
    private static final String CANONICAL_OPTIONS = "-c datestyle=ISO,YMD -c intervalstyle=postgres -c bytea_output=hex"
            + " -c extra_float_digits=3 -c lc_monetary=C -c xmloption=content"
            + " -c quote_all_identifiers=off -c search_path=pg_catalog -c statement_timeout=0 -c lock_timeout=0";

    private static final String CANONICAL_STREAM = "set timezone = 'UTC'";

    private static final Duration CONNECT = Duration.ofSeconds(10);

    /** A server that takes a connection and then says nothing is given up. */
    private static final Duration LOGIN = Duration.ofSeconds(20);

    private static final int IDLE_SESSIONS = 14;
    private static final int LONG_TRANSACTIONS = 17;

    /** A database whose bytes have no encoding that the server knows of. */
    private static final String NO_ENCODING = "SQL_ASCII";

    private Connections() {}

    /** The settings as statements, separated by semicolons; for sessions that somebody else opens. */
    public static String canonicalStatements() {
        return CANONICAL;
    }

    /**
     * The settings as the startup option {@code options}, but for the time zone: the driver sends that of this machine,
     * and it wins.
     */
    public static String canonicalOptions() {
        return CANONICAL_OPTIONS;
    }

    /**
     * Opens a connection in auto-commit mode.
     *
     * @param server where
     * @param application what {@code pg_stat_activity.application_name} shows, {@code changeover…}
     * @return an open connection in the canonical settings
     * @throws SQLException if the server cannot be reached or refuses the role, or the {@link Admission} the session
     */
    public static Connection open(ServerSettings server, String application) throws SQLException {
        return open(server, application, LOGIN, Duration.ZERO);
    }

    /**
     * The same for a quick look: neither connecting nor waiting for an answer takes longer than the limit.
     *
     * @param limit whole seconds, at least one
     */
    public static Connection open(ServerSettings server, String application, Duration limit) throws SQLException {
        return open(server, application, limit, limit);
    }

    /**
     * The same.
     *
     * @param login for each answer until the session is there, whole seconds, at least one
     * @param answer for each answer from then on; zero for as long as it takes
     */
    static Connection open(ServerSettings server, String application, Duration login, Duration answer)
            throws SQLException {
        Properties properties = properties(server, application);
        String seconds = String.valueOf(login.toSeconds());
        PGProperty.CONNECT_TIMEOUT.set(
                properties, login.compareTo(CONNECT) < 0 ? seconds : String.valueOf(CONNECT.toSeconds()));
        PGProperty.SOCKET_TIMEOUT.set(properties, seconds);
        Connection connection = open(server, properties);
        try {
            connection.setNetworkTimeout(Runnable::run, (int) answer.toMillis());
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    private static Connection open(ServerSettings server, Properties properties) throws SQLException {
        Connection connection = new Driver().connect("jdbc:postgresql://", properties);
        if (connection == null) {
            throw new PSQLException(
                    "The PostgreSQL driver did not accept the connection to " + server,
                    PSQLState.CONNECTION_UNABLE_TO_CONNECT);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(CANONICAL + newer(connection.getMetaData().getDatabaseMajorVersion()));
            server.admission().admit(connection);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    /** Time limits that not every server has: a session may be idle for long, and a copy may take hours. */
    private static String newer(int major) {
        return (major >= IDLE_SESSIONS ? "; set idle_session_timeout = 0" : "")
                + (major >= LONG_TRANSACTIONS ? "; set transaction_timeout = 0" : "");
    }

    /**
     * Opens a replication connection, for commands of the replication protocol, in the canonical settings. Before
     * PostgreSQL 10 the time zone is this machine's, which changes how an instant is written but not which it is.
     *
     * <p>The stream is in UTF-8. That of a database in SQL_ASCII is in the bytes that it holds: if the server were to
     * check them, it would end the stream without a word about where they are.
     *
     * @throws SQLException if the server cannot be reached or the role may not replicate
     */
    public static Connection openReplication(ServerSettings server, String application) throws SQLException {
        Properties properties = properties(server, application);
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "10");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.OPTIONS.set(properties, CANONICAL_OPTIONS);
        PGProperty.ALLOW_ENCODING_CHANGES.set(properties, "true");
        Connection connection = new Driver().connect("jdbc:postgresql://", properties);
        if (connection == null) {
            throw new PSQLException(
                    "The PostgreSQL driver did not accept the connection to " + server,
                    PSQLState.CONNECTION_UNABLE_TO_CONNECT);
        }
        if (connection.getMetaData().getDatabaseMajorVersion() >= 10) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(CANONICAL_STREAM);
                if (NO_ENCODING.equals(connection.unwrap(PGConnection.class).getParameterStatus("server_encoding"))) {
                    statement.execute("set client_encoding = '" + NO_ENCODING + "'");
                }
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        }
        return connection;
    }

    /**
     * Closes connections that are of no further use, each of them, also if the server of another is gone: what one of
     * them locks would stay locked.
     */
    public static void closeAll(Iterable<? extends Connection> connections) {
        for (Connection connection : connections) {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.debug("A connection was broken when it was closed", e);
            }
        }
    }

    private static Properties properties(ServerSettings server, String application) {
        Properties properties = new Properties();
        PGProperty.PG_HOST.set(properties, server.host());
        PGProperty.PG_PORT.set(properties, server.port());
        PGProperty.PG_DBNAME.set(properties, server.database());
        PGProperty.USER.set(properties, server.user());
        PGProperty.PASSWORD.set(properties, server.password());
        PGProperty.SSL_MODE.set(properties, server.sslMode());
        server.sslRootCert().ifPresent(path -> PGProperty.SSL_ROOT_CERT.set(properties, path));
        if (server.sslRootCert().isEmpty() && server.sslMode().startsWith("verify")) {
            PGProperty.SSL_FACTORY.set(properties, "org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        PGProperty.APPLICATION_NAME.set(
                properties, marked(application, server.admission().mark()));
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, "false");
        PGProperty.CONNECT_TIMEOUT.set(properties, String.valueOf(CONNECT.toSeconds()));
        PGProperty.TCP_KEEP_ALIVE.set(properties, "true");
        PGProperty.SOCKET_FACTORY.set(properties, KeptAliveSockets.class.getName());
        PGProperty.PREPARE_THRESHOLD.set(properties, "1");
        return properties;
    }

    private static String marked(String application, String mark) {
        return mark.isEmpty() ? application : application + " " + mark;
    }
}
