package io.changeover.bench.jdbc;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Optional;

/**
 * Debezium's JDBC sink, which is no part of Changeover: Maven puts it into {@code control-plane/target/bench-peers}
 * when it is to be measured for the first time.
 */
public final class JdbcPlugin {

    /** What is measured. */
    public static final String VERSION = "3.5.0.Final";

    private static final String POM = "bench-peers.xml";
    private static final String DIRECTORY = "bench-peers";
    private static final String JAR = "debezium-jdbc/debezium-connector-jdbc-" + VERSION + ".jar";

    private JdbcPlugin() {}

    /**
     * Looks for it, and gets it if it is not there.
     *
     * @return the directory for {@code plugin.path}; empty if this is no working copy of the repository, or Maven could
     *     not get it
     */
    public static Optional<Path> find() throws IOException, InterruptedException {
        Optional<Path> module = module();
        if (module.isEmpty()) {
            return Optional.empty();
        }
        Path directory = module.get().resolve("target").resolve(DIRECTORY);
        if (!isIn(directory)) {
            get(module.get());
        }
        return Optional.of(directory).filter(JdbcPlugin::isIn);
    }

    /** The line for a report without it. */
    public static String missing() {
        return "left out: debezium-connector-jdbc " + VERSION + " is not there; in the repository:"
                + " mvn -f control-plane/" + POM + " package";
    }

    private static boolean isIn(Path directory) {
        return Files.isRegularFile(directory.resolve(JAR));
    }

    private static void get(Path module) throws IOException, InterruptedException {
        List<String> command =
                List.of("mvn", "-q", "-B", "-f", module.resolve(POM).toString(), "package");
        try {
            Process maven = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                maven.waitFor();
            } finally {
                maven.destroy();
            }
        } catch (IOException e) {
            System.getLogger(JdbcPlugin.class.getName())
                    .log(System.Logger.Level.WARNING, "Maven cannot be started: {0}", e.getMessage());
        }
    }

    /** The directory {@code control-plane} of the repository, from which this class was built. */
    private static Optional<Path> module() {
        CodeSource source = JdbcPlugin.class.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(Path.of(source.getLocation().toURI()).getParent())
                    .map(Path::getParent)
                    .filter(module -> Files.isRegularFile(module.resolve(POM)));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
