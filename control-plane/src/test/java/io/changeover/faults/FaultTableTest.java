package io.changeover.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
 * Each fault in each phase, of a cutover and of a rollback; the tables are in {@code target/faults.md} and
 * {@code target/rollback-faults.md}, and with {@code -Dwrite.docs=true} its rows take the places of the older ones in
 * {@code docs/faults.md}. {@code -Dfaults.only=…} takes the faults with this regular expression in their names,
 * {@code -Dfaults.phases=DRAIN,FENCE} some phases.
 */
@Tag("faults")
@Timeout(value = 3, unit = TimeUnit.HOURS)
class FaultTableTest {

    @TempDir
    Path directory;

    @Test
    void nothingIsLostDoubledOrStuck() throws Exception {
        try (FaultStack stack = FaultStack.start(directory)) {
            FaultTable table = new FaultTable(stack, file("faults.md"));
            table.run(faults(), phases());

            assertThat(table.defects()).isEmpty();
        }
    }

    @Test
    void nothingIsLostDoubledOrStuckInARollback() throws Exception {
        try (FaultStack stack = FaultStack.start(directory)) {
            RollbackTable table = new RollbackTable(stack, file("rollback-faults.md"));
            table.run(faults(), phases());

            assertThat(table.defects()).isEmpty();
        }
    }

    private static List<Fault> faults() {
        Pattern only = Pattern.compile(System.getProperty("faults.only", ""));
        return Fault.all().stream()
                .filter(fault -> only.matcher(fault.name()).find())
                .toList();
    }

    private static Path file(String name) throws IOException {
        return Files.createDirectories(Path.of("target")).resolve(name);
    }

    private static Set<Phase> phases() {
        String names = System.getProperty("faults.phases", "");
        return names.isEmpty()
                ? EnumSet.allOf(Phase.class)
                : Stream.of(names.split(",")).map(Phase::valueOf).collect(Collectors.toSet());
    }
}
