package io.changeover.spec;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A command or a webhook before or after a step of a cutover, or of a rollback.
 *
 * @param name unique in the migration
 * @param command a program and its arguments; empty if there is a URL
 * @param url that is told by POST; empty if there is a command
 * @param headers of the request, with references as values, never secrets
 * @param timeout after which it has failed, and is ended
 * @param onFailure what becomes of the cutover then
 * @param direction in which alone it is run; empty for both
 */
public record HookSpec(
        String name,
        HookMoment at,
        HookStep step,
        List<String> command,
        Optional<String> url,
        Map<String, String> headers,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Duration timeout,
        HookFailure onFailure,
        Optional<HookDirection> direction) {

    /** Unless the file says otherwise. */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    public HookSpec {
        command = List.copyOf(command);
        url = Objects.requireNonNullElse(url, Optional.empty());
        headers = Map.copyOf(new LinkedHashMap<>(headers));
        direction = Objects.requireNonNullElse(direction, Optional.empty());
    }

    /** A command. */
    public static HookSpec command(
            String name, HookMoment at, HookStep step, List<String> command, Duration timeout, HookFailure onFailure) {
        return new HookSpec(name, at, step, command, Optional.empty(), Map.of(), timeout, onFailure, Optional.empty());
    }

    /** Whether it is run at this moment of a cutover, or of a rollback. */
    public boolean isFor(HookDirection way, HookMoment moment, HookStep of) {
        return at == moment && step == of && direction.orElse(way) == way;
    }

    /** What is run or told, for people. */
    public String action() {
        return url.orElseGet(() -> String.join(" ", command));
    }
}
