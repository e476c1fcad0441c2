package io.changeover.schema;

import io.changeover.postgres.ServerSettings;
import io.changeover.spec.TableSelection;
import io.changeover.verify.DatabasePair;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The main class of a JVM that takes all steps and may be killed meanwhile. */
public final class SchemaCopyMain {

    private SchemaCopyMain() {}

    static Process start(DatabasePair pair, Path work) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SchemaCopyMain.class.getName(),
                work.toString(),
                pair.source().database(),
                String.valueOf(pair.source().port()),
                String.valueOf(pair.target().port()));
        builder.environment().put("PASSWORD_OF_OWNER", pair.source().password());
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(new File("/dev/null"))
                .start();
    }

    public static void main(String[] arguments) throws Exception {
        SchemaCopy copy = new SchemaCopy(
                settings(arguments[1], arguments[2]),
                settings(arguments[1], arguments[3]),
                TableSelection.ALL,
                Path.of(arguments[0]));
        copy.copyStructure();
        copy.createKeysAndIndexes();
        copy.addForeignKeys();
    }

    private static ServerSettings settings(String database, String port) {
        return new ServerSettings(
                "127.0.0.1",
                Integer.parseInt(port),
                database,
                "owner",
                System.getenv("PASSWORD_OF_OWNER"),
                "disable",
                Optional.empty());
    }
}
