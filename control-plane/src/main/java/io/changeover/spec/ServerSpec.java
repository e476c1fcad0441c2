package io.changeover.spec;

import java.util.Optional;

/**
 * A PostgreSQL server as the migration file names it.
 *
 * @param host a name or an address, never a URL
 * @param port TCP port
 * @param user the role that Changeover connects as
 * @param password a reference such as <code>${env:NAME}</code>, or the password itself; see {@link #passwordIsLiteral}
 * @param sslMode how the connection is encrypted
 * @param sslRootCert path of a file with the trusted roots; empty means the JDK's
 */
public record ServerSpec(
        String host, int port, String user, String password, SslMode sslMode, Optional<String> sslRootCert) {

    /** Whether the password itself is in the specification: it has to be moved to a file before this is stored. */
    public boolean passwordIsLiteral() {
        return SecretReference.parse(password).isEmpty();
    }

    /** The same server and role with another password, usually a reference in the place of a literal. */
    public ServerSpec withPassword(String other) {
        return new ServerSpec(host, port, user, other, sslMode, sslRootCert);
    }

    /** All but a literal password. */
    @Override
    public String toString() {
        return "ServerSpec[host=" + host + ", port=" + port + ", user=" + user + ", password="
                + (passwordIsLiteral() ? "(hidden)" : password) + ", sslMode=" + sslMode.word() + ", sslRootCert="
                + sslRootCert.orElse("(the JDK's)") + "]";
    }
}
