package io.changeover.postgres;

import java.util.Optional;

/**
 * Where one database is and who connects. Never a URL: whoever could choose one could choose what the driver loads.
 *
 * @param host name or address
 * @param port TCP port
 * @param database the database's name
 * @param user the role
 * @param password the role's password, resolved; not shown by {@link #toString()}
 * @param sslMode {@code disable}, {@code require}, {@code verify-ca} or {@code verify-full}
 * @param sslRootCert path of a file with the trusted roots; empty means the JDK's
 * @param admission asked before a session is handed out
 */
public record ServerSettings(
        String host,
        int port,
        String database,
        String user,
        String password,
        String sslMode,
        Optional<String> sslRootCert,
        Admission admission) {

    /** Settings with which every session is let in. */
    public ServerSettings(
            String host,
            int port,
            String database,
            String user,
            String password,
            String sslMode,
            Optional<String> sslRootCert) {
        this(host, port, database, user, password, sslMode, sslRootCert, Admission.OPEN);
    }

    /** The same server and role, another database. */
    public ServerSettings withDatabase(String other) {
        return new ServerSettings(host, port, other, user, password, sslMode, sslRootCert, admission);
    }

    /** The same, and somebody else is asked before a session is handed out. */
    public ServerSettings withAdmission(Admission other) {
        return new ServerSettings(host, port, database, user, password, sslMode, sslRootCert, other);
    }

    /** {@code user@host:port/database}, for messages. */
    @Override
    public String toString() {
        return user + "@" + host + ":" + port + "/" + database;
    }
}
