package io.changeover.sink;

import io.changeover.fault.CrashPoint;
import io.changeover.load.Reload;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that puts a table into the queue of loads, whose rows the source has in the same database. */
final class ReloadProcess implements AutoCloseable {

    private final Process process;

    private ReloadProcess(Process process) {
        this.process = process;
    }

    public static void main(String[] arguments) throws SQLException {
        ServerSettings server = ServerArguments.read(arguments);
        List<String> table = ServerArguments.others(arguments);
        Reload.begin(server, server, ChangeTopic.NAME, new TableName(table.get(0), table.get(1)));
    }

    static ReloadProcess crashingAt(CrashPoint point, ServerSettings server, TableName table) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "-D" + CrashPoint.PROPERTY + "=" + point.id(),
                ReloadProcess.class.getName()));
        command.addAll(ServerArguments.of(server));
        command.addAll(List.of(table.schema(), table.name()));
        return new ReloadProcess(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    int status() throws InterruptedException {
        if (!process.waitFor(100, TimeUnit.SECONDS)) {
            throw new AssertionError("The process does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
