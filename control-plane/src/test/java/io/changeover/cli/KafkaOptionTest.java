package io.changeover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaOptionTest {

    @TempDir
    Path directory;

    @Test
    void withoutAClusterThereIsNothingToLogInTo() throws Exception {
        Path file = Files.writeString(directory.resolve("kafka.properties"), "security.protocol=SSL\n");

        RunCommand up = RunCommand.run(
                "up",
                "--kafka-config",
                file.toString(),
                "--work-dir",
                directory.resolve("work").toString());

        assertThat(up.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(up.err()).contains("--kafka-config is for an existing cluster");
    }

    @Test
    void allThatIsWrongWithTheFileIsToldBeforeAnythingIsAsked() throws Exception {
        Path file = Files.writeString(
                directory.resolve("kafka.properties"), "security.protocol=TLS\nssl.key.password=hunter2\n");

        RunCommand up = RunCommand.run(
                "up",
                "--kafka-config",
                file.toString(),
                "--work-dir",
                directory.resolve("work").toString(),
                "--bootstrap-servers",
                "127.0.0.1:1",
                "--connect-url",
                "http://127.0.0.1:1");

        assertThat(up.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(up.err())
                .contains(file.toString(), "security.protocol", "ssl.key.password: must be a reference")
                .doesNotContain("hunter2");
    }
}
