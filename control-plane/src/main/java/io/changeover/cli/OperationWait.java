package io.changeover.cli;

import io.changeover.api.OperationViews;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for what has become of a request, and says each thing that it waits for once. */
final class OperationWait {

    private final ApiClient client;
    private final PrintStream out;
    private final PrintStream err;

    OperationWait(ApiClient client, PrintStream out, PrintStream err) {
        this.client = client;
        this.out = out;
        this.err = err;
    }

    /**
     * Waits for the end of an operation.
     *
     * @return the exit code: done, failed, aborted by another request, or not over in time
     */
    int end(String operation, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        String said = "";
        while (true) {
            OperationViews.OperationView seen = client.operation(operation);
            if (!seen.state().equals("running")) {
                out.println(seen.what() + " of " + seen.migration() + " is " + seen.state() + ": "
                        + seen.result().orElse(""));
                return exitCode(seen.state());
            }
            String now = underWay(seen);
            if (!now.equals(said)) {
                err.println(now);
                said = now;
            }
            if (System.nanoTime() - deadline > 0) {
                err.println("The " + seen.what() + " of " + seen.migration() + " is not over in " + timeout
                        + "; it goes on, see: changeover status " + seen.migration());
                return ExitCode.TIMEOUT;
            }
            TimeUnit.MILLISECONDS.sleep(View.EVERY.toMillis());
        }
    }

    private static String underWay(OperationViews.OperationView seen) {
        StringBuilder text = new StringBuilder("The ").append(seen.what()).append(" is under way");
        seen.steps().stream()
                .filter(step -> step.state().equals("running"))
                .forEach(step -> text.append("; ")
                        .append(step.database())
                        .append(": ")
                        .append(step.name())
                        .append(step.detail().isEmpty() ? "" : ", " + step.detail()));
        return text.toString();
    }

    private static int exitCode(String state) {
        return switch (state) {
            case "done" -> ExitCode.OK;
            case "replaced" -> ExitCode.ABORTED;
            default -> ExitCode.FAILED;
        };
    }
}
