package io.changeover.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each fault in each phase; the table is in {@code target/faults.md}, and with {@code -Dwrite.docs=true} its rows take
 * the places of the older ones in {@code docs/faults.md}. {@code -Dfaults.only=…} takes the faults with this regular
 * expression in their names, {@code -Dfaults.phases=DRAIN,FENCE} some phases.
 */
@Tag("faults")
@Timeout(value = 3, unit = TimeUnit.HOURS)
class FaultTableTest {

    @TempDir
    Path directory;

    @Test
    void nothingIsLostDoubledOrStuck() throws Exception {
        Pattern only = Pattern.compile(System.getProperty("faults.only", ""));
        List<Fault> faults = Fault.all().stream()
                .filter(fault -> only.matcher(fault.name()).find())
                .toList();
        Path file = Path.of(System.getProperty("faults.file", "target/faults.md"));
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (FaultStack stack = FaultStack.start(directory)) {
            FaultTable table = new FaultTable(stack, file);
            table.run(faults, phases());

            assertThat(table.defects()).isEmpty();
        }
    }

    private static Set<Phase> phases() {
        String names = System.getProperty("faults.phases", "");
        return names.isEmpty()
                ? EnumSet.allOf(Phase.class)
                : Stream.of(names.split(",")).map(Phase::valueOf).collect(Collectors.toSet());
    }
}
