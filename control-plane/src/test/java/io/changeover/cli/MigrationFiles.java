package io.changeover.cli;

import io.changeover.e2e.Databases;
import io.changeover.postgres.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Migration files of the tests, with the passwords in them. */
final class MigrationFiles {

    private MigrationFiles() {}

    static Path write(Path directory, Databases databases, ServerSettings source, ServerSettings target, String more)
            throws IOException {
        String text = """
                apiVersion: changeover.io/v1alpha1
                kind: Migration
                metadata:
                  name: %s
                spec:
                  source: {host: %s, port: %d, user: %s, password: "%s", sslMode: disable}
                  target: {host: %s, port: %d, user: %s, password: "%s", sslMode: disable}
                  databases:
                    - source: %s
                %s""".formatted(
                        databases.migration(),
                        source.host(),
                        source.port(),
                        source.user(),
                        source.password(),
                        target.host(),
                        target.port(),
                        target.user(),
                        target.password(),
                        databases.name(),
                        more.indent(2));
        return Files.writeString(directory.resolve("migration.yaml"), text);
    }
}
