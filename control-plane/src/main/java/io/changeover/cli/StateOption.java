package io.changeover.cli;

import io.changeover.migration.DatabaseState;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** Reads a state in either spelling: {@code READY_TO_CUTOVER}, {@code ready-to-cutover}. */
final class StateOption implements CommandLine.ITypeConverter<DatabaseState> {

    @Override
    public DatabaseState convert(String text) {
        String name = text.toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(DatabaseState.values())
                .filter(state -> state.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CommandLine.TypeConversionException("must be one of "
                        + Arrays.stream(DatabaseState.values()).map(Enum::name).collect(Collectors.joining(", "))));
    }
}
