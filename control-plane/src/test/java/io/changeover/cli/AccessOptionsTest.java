package io.changeover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.access.Access;
import io.changeover.access.Caller;
import io.changeover.access.NewToken;
import io.changeover.access.PemPair;
import io.changeover.access.Role;
import io.changeover.access.TokenFile;
import io.changeover.api.ApiServer;
import io.changeover.e2e.SharedStack;
import io.changeover.e2e.StackExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tokens and TLS from the command line. */
@Timeout(120)
@ExtendWith(StackExtension.class)
class AccessOptionsTest {

    @TempDir
    Path directory;

    @Test
    void aNewTokenIsPrintedOnceAndKeptAsItsDigest() throws Exception {
        Path file = directory.resolve("tokens");

        RunCommand anna = RunCommand.run("token", "new", "anna", "--role", "approver", "--file", file.toString());
        RunCommand bob = RunCommand.run("token", "new", "bob", "--role", "viewer", "--file", file.toString());

        assertThat(anna.exitCode()).as(anna.err()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file))
                .doesNotContain(anna.out().strip(), bob.out().strip());
        TokenFile tokens = TokenFile.open(file);
        assertThat(tokens.caller(anna.out().strip())).contains(new Caller("anna", Role.APPROVER));
        assertThat(tokens.caller(bob.out().strip())).contains(new Caller("bob", Role.VIEWER));
        assertThat(RunCommand.run("token", "new", "bob", "--role", "approver", "--file", file.toString())
                        .exitCode())
                .isEqualTo(2);
        assertThat(RunCommand.run("token", "new", "b b", "--role", "viewer").exitCode())
                .isEqualTo(2);
        assertThat(RunCommand.run("token", "new", "carl", "--role", "operator").err())
                .contains("carl=operator:");
    }

    @Test
    void otherMachinesAreAnsweredOnlyWithTokensAndTls() throws Exception {
        Path file = directory.resolve("tokens");
        RunCommand.run("token", "new", "anna", "--role", "approver", "--file", file.toString());
        String work = directory.resolve("work").toString();

        RunCommand open = RunCommand.run("up", "--listen", "0.0.0.0:0", "--work-dir", work);
        assertThat(open.exitCode()).isEqualTo(2);
        assertThat(open.err()).contains("0.0.0.0 is not a loopback address", "--tokens");
        RunCommand plain =
                RunCommand.run("up", "--listen", "0.0.0.0:0", "--work-dir", work, "--tokens", file.toString());
        assertThat(plain.exitCode()).isEqualTo(2);
        assertThat(plain.err()).contains("--tls-cert", "--plain-http");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        RunCommand readable = RunCommand.run("up", "--work-dir", work, "--tokens", file.toString());
        assertThat(readable.exitCode()).isEqualTo(2);
        assertThat(readable.err()).contains("chmod 600");
        assertThat(RunCommand.run("migrate", "-f", "none.yaml", "--listen", "0.0.0.0:0")
                        .err())
                .contains("not a loopback address");
        assertThat(Path.of(work)).doesNotExist();
    }

    @Test
    void aClientTrustsTheRootsThatItIsGivenAndSaysWhoItIs(SharedStack stack) throws Exception {
        PemPair pair = PemPair.in(directory);
        NewToken token = NewToken.of(new Caller("bob", Role.VIEWER));
        Path file = Files.writeString(directory.resolve("token"), token.token() + "\n");
        String roots = pair.files().certificate().toString();
        Access access = new Access(List.of(token.authenticator()), Set.of(), Optional.of(pair.files()));
        try (ApiServer server = stack.serve(access)) {
            String url = server.uri().toString();
            assertThat(url).startsWith("https://");

            RunCommand known =
                    RunCommand.run("migrations", "--server", url, "--ca-cert", roots, "--token-file", file.toString());
            assertThat(known.exitCode()).as(known.err()).isZero();
            RunCommand nobody = RunCommand.run("migrations", "--server", url, "--ca-cert", roots);
            assertThat(nobody.exitCode()).isEqualTo(8);
            assertThat(nobody.err()).contains("--token-file");
            RunCommand viewer = RunCommand.run(
                    "pause", "none", "--server", url, "--ca-cert", roots, "--token-file", file.toString());
            assertThat(viewer.exitCode()).isEqualTo(8);
            assertThat(viewer.err()).contains("needs the role operator; bob has the role viewer");
            RunCommand stranger = RunCommand.run("migrations", "--server", url, "--token-file", file.toString());
            assertThat(stranger.exitCode()).as(stranger.err()).isEqualTo(8);
        }
    }

    @Test
    void aTokenIsNotSentWhereOthersCanReadIt() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "co_secret");

        RunCommand run =
                RunCommand.run("migrations", "--server", "http://192.0.2.1:8090", "--token-file", file.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("Use https").doesNotContain("co_secret");
    }
}
