package io.changeover.hook;

import io.changeover.hook.HookResult.End;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a program without a shell. One whose time is over is ended with all that it has started; a program that ends by
 * itself may leave others running, such as a service that it has started again.
 */
final class CommandHook {

    private static final Logger LOG = LoggerFactory.getLogger(CommandHook.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);
    private static final Duration READ_ON = Duration.ofMillis(200);

    private final HookCall call;
    private final Limit limit;

    CommandHook(HookCall call, Limit limit) {
        this.call = call;
        this.limit = limit;
    }

    /** Waits for its end. */
    HookResult run() throws InterruptedException {
        Output output = new Output();
        try {
            Process process = start();
            Thread reader = new Thread(() -> output.readAll(process.getInputStream()), "changeover-hook");
            reader.setDaemon(true);
            reader.start();
            Family family = new Family(process.toHandle(), call.mark());
            try {
                Optional<HookResult> ended = await(process, family);
                if (ended.isEmpty()) {
                    reader.join(READ_ON.toMillis());
                    int code = process.exitValue();
                    return new HookResult(
                            code == 0 ? End.DONE : End.FAILED, "exit code " + code, output.text(call.secrets()));
                }
                return new HookResult(ended.get().end(), ended.get().what(), output.text(call.secrets()));
            } finally {
                if (process.isAlive()) {
                    end(family);
                }
            }
        } catch (IOException e) {
            return new HookResult(End.FAILED, "it could not be begun: " + e.getMessage(), "");
        }
    }

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(call.spec().command())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .directory(Optional.ofNullable(
                                Path.of(call.spec().command().get(0)).getParent())
                        .orElse(Path.of("/"))
                        .toFile());
        builder.environment().clear();
        builder.environment().putAll(call.environment());
        return builder.start();
    }

    /** Empty if it has ended by itself. */
    private Optional<HookResult> await(Process process, Family family) throws InterruptedException {
        long deadline = System.nanoTime() + limit.timeout().toNanos();
        while (!process.waitFor(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
            Optional<String> over = limit.over().get();
            if (over.isPresent()) {
                end(family);
                return Optional.of(new HookResult(End.CANCELLED, "ended: " + over.get(), ""));
            }
            if (System.nanoTime() - deadline > 0) {
                end(family);
                return Optional.of(new HookResult(
                        End.TIMED_OUT, "ended after " + limit.timeout().toMillis() + " ms", ""));
            }
        }
        return Optional.empty();
    }

    private void end(Family family) {
        LOG.warn(
                "Ended the hook {} and what it has started: {}",
                call.spec().name(),
                family.end().stream().map(ProcessHandle::pid).toList());
    }
}
