package io.changeover.schema;

import io.changeover.postgres.ServerSettings;
import java.util.HashMap;
import java.util.Map;

/** How libpq's programs are told where to connect: by environment variables, which only this user and root can read. */
final class ClientEnvironment {

    private static final int SYSTEM_ROOTS = 16;

    private ClientEnvironment() {}

    /**
     * The environment for a server.
     *
     * @param clientMajor the programs' version: from 16 on they can use the operating system's trusted roots
     * @throws SchemaException if the certificate is to be verified and there is nothing to verify it with
     */
    static Map<String, String> of(ServerSettings server, int clientMajor) throws SchemaException {
        Map<String, String> environment = new HashMap<>();
        environment.put("PGHOST", server.host());
        environment.put("PGPORT", Integer.toString(server.port()));
        environment.put("PGDATABASE", server.database());
        environment.put("PGUSER", server.user());
        environment.put("PGPASSWORD", server.password());
        environment.put("PGPASSFILE", "/dev/null");
        environment.put("PGSSLMODE", server.sslMode());
        environment.put("PGAPPNAME", SchemaSession.APPLICATION);
        environment.put("PGCONNECT_TIMEOUT", "10");
        if (server.sslRootCert().isPresent()) {
            environment.put("PGSSLROOTCERT", server.sslRootCert().get());
        } else if (server.sslMode().startsWith("verify")) {
            environment.put("PGSSLROOTCERT", systemRoots(server, clientMajor));
        }
        return Map.copyOf(environment);
    }

    private static String systemRoots(ServerSettings server, int clientMajor) throws SchemaException {
        if (clientMajor < SYSTEM_ROOTS || !server.sslMode().equals("verify-full")) {
            throw new SchemaException("sslmode " + server.sslMode() + " for " + server
                    + " needs a file with the trusted roots (sslRootCert): pg_dump " + clientMajor
                    + " cannot use the system's"
                    + (clientMajor < SYSTEM_ROOTS ? ", version 16 can" : ", verify-full can"));
        }
        return "system";
    }
}
