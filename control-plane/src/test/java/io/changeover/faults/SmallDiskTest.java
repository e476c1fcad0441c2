package io.changeover.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SmallDiskTest {

    @Test
    void takesNothingMoreWhileItIsFull() throws Exception {
        assumeTrue(SmallDisk.isPossible(), "only root can mount");
        try (SmallDisk disk = SmallDisk.ownedBy(Path.of("/proc/self"))) {
            Path file = Files.write(disk.directory().resolve("file"), new byte[1 << 20]);

            disk.fill();

            Path more = disk.directory().resolve("more");
            assertThatThrownBy(() -> Files.write(more, new byte[1 << 20]))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left");
            disk.free();
            Files.write(more, new byte[1 << 20]);
            assertThat(file).hasSameBinaryContentAs(more);
        }
    }
}
