package io.changeover.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.spec.HookFailure;
import io.changeover.spec.HookMoment;
import io.changeover.spec.HookSpec;
import io.changeover.spec.HookStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HookScopeTest {

    @TempDir
    private Path directory;

    private Path hooks = Path.of("");
    private Path program = Path.of("");

    @BeforeEach
    void makeProgram() throws IOException {
        hooks = Files.createDirectory(directory.resolve("hooks"));
        program = script(hooks.resolve("pause"));
    }

    @Test
    void nothingIsAllowedUnlessItIsSaid() {
        assertThat(HookScope.NOTHING.refusal(command(program.toString())))
                .hasValueSatisfying(why -> assertThat(why).contains("pause", "--hook-paths"));
        assertThat(HookScope.NOTHING.refusal(url("https://hooks.example/")))
                .hasValueSatisfying(why -> assertThat(why).contains("--hook-urls"));
    }

    @Test
    void aProgramBelowADirectoryOfHooksMayBeRunWithAnyArguments() {
        assertThat(below().refusal(command(program.toString(), "any"))).isEmpty();
        assertThat(below().refusal(command("/bin/sh", "-c", "id"))).isPresent();
    }

    @Test
    void neitherDotsNorALinkLeadOutOfTheDirectory() throws IOException {
        Path outside = script(directory.resolve("outside"));
        Path link = Files.createSymbolicLink(hooks.resolve("link"), outside);

        assertThat(below().refusal(command(hooks + "/../outside"))).isPresent();
        assertThat(below().refusal(command(link.toString()))).isPresent();
    }

    @Test
    void aProgramThatAnybodyMayChangeIsNotRun() throws IOException {
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(below().refusal(command(program.toString())))
                .hasValueSatisfying(why -> assertThat(why).contains("anybody"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(hooks, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(below().refusal(command(program.toString())))
                .hasValueSatisfying(why -> assertThat(why).contains("anybody"));
    }

    @Test
    void whatAFileNamesMayBeRunJustSo() throws IOException {
        Path outside = script(directory.resolve("outside"));
        HookScope scope = new HookScope(List.of(), List.of(), Set.of(List.of(outside.toString(), "a")), Set.of());

        assertThat(scope.refusal(command(outside.toString(), "a"))).isEmpty();
        assertThat(scope.refusal(command(outside.toString(), "b"))).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "https://hooks.example/a, true",
        "https://hooks.example/a/b?c=d, true",
        "https://HOOKS.example/a/b, true",
        "https://hooks.example/ab, false",
        "https://hooks.example/a/../b, false",
        "https://hooks.example/, false",
        "https://hooks.example:8443/a, false",
        "https://hooks.example.evil/a, false",
        "https://evil/a, false",
        "http://127.0.0.1:9000/x, true",
        "http://127.0.0.1:9001/x, false"
    })
    void aUrlIsAllowedByItsWholeHostAndPortAndTheBeginningOfItsPath(String url, boolean allowed) {
        HookScope scope = HookScope.of(List.of(), List.of("https://hooks.example/a", "http://127.0.0.1:9000/"));

        assertThat(scope.refusal(url(url)).isEmpty()).isEqualTo(allowed);
    }

    private HookScope below() {
        return HookScope.of(List.of(hooks), List.of());
    }

    private static Path script(Path path) throws IOException {
        Files.writeString(path, "#!/bin/sh\n");
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static HookSpec command(String... command) {
        return HookSpec.command(
                "a", HookMoment.BEFORE, HookStep.FENCE, List.of(command), HookSpec.TIMEOUT, HookFailure.VETO);
    }

    private static HookSpec url(String url) {
        return new HookSpec(
                "a",
                HookMoment.BEFORE,
                HookStep.FENCE,
                List.of(),
                Optional.of(url),
                Map.of(),
                HookSpec.TIMEOUT,
                HookFailure.VETO,
                Optional.empty());
    }
}
