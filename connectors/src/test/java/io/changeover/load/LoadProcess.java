package io.changeover.load;

import io.changeover.fault.CrashingProcess;
import io.changeover.ledger.LoadLedger;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.replication.LogSequenceNumber;

/** A JVM that loads all that is in the queue, or one table as its records come. */
final class LoadProcess {

    /** About how large a part is. */
    static final long PART = 1 << 19;

    static final TableName ARRIVING = new TableName("public", "arriving");

    private static final int ARRIVING_ROWS = 1000;

    private LoadProcess() {}

    public static void main(String[] arguments) throws SQLException {
        ServerSettings target = CrashingProcess.server(arguments, 1);
        if (arguments[arguments.length - 1].equals("arriving")) {
            arrive(target);
        } else {
            loadAll(CrashingProcess.server(arguments, 0), target);
        }
    }

    /** Until nothing is left in the queue. */
    static void loadAll(ServerSettings source, ServerSettings target) throws SQLException {
        try (Loader loader = new Loader(source, target, PART, progress -> {}, () -> false)) {
            Loader.Outcome outcome = loader.next();
            while (outcome != Loader.Outcome.FINISHED) {
                outcome = loader.next();
            }
        }
    }

    /** As the task does with the records of a topic. */
    static void arrive(ServerSettings target) throws SQLException {
        byte[] rows = IntStream.rangeClosed(1, ARRIVING_ROWS)
                .mapToObj(id -> id + "\tv" + id + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
        TopicMessage.Begin begin = new TopicMessage.Begin(
                "run",
                new LoadLedger.Entry(ARRIVING, ARRIVING_ROWS, rows.length),
                List.of("id", "v"),
                "55:55:",
                LogSequenceNumber.valueOf(1),
                new CopiedDefinition(Optional.empty()));
        try (ArrivingCopy copy = ArrivingCopy.begin(target, begin)) {
            copy.add(new TopicMessage.Rows("run", ARRIVING, 1, ByteBuffer.wrap(rows)));
            copy.end(new TopicMessage.End("run", ARRIVING, 1, ARRIVING_ROWS, rows.length));
        }
    }
}
