package io.changeover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.e2e.Databases;
import io.changeover.e2e.SharedStack;
import io.changeover.e2e.StackExtension;
import io.changeover.postgres.local.FreePort;
import io.changeover.spec.SchemaMode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The commands that talk to a running control plane. */
@Timeout(180)
@ExtendWith(StackExtension.class)
class ClientCommandsTest {

    @Test
    void aMigrationIsWatchedAndSwitchedFromTheCommandLine(SharedStack stack, Databases databases) throws Exception {
        databases.onSource("create table public.t (id int primary key)", "insert into public.t values (1), (2)");
        String server = stack.api().uri().toString();
        String name = databases.migration();
        String pair = name + "/" + databases.name();
        stack.api().begin(stack.spec(databases, SchemaMode.COPY));

        RunCommand ready = RunCommand.run(
                "status", name, "--server", server, "--wait-for", "READY_TO_CUTOVER", "--timeout", "90s");
        assertThat(ready.exitCode()).as(ready.err()).isZero();
        assertThat(RunCommand.run("status", name, "--server", server).out()).contains("READY_TO_CUTOVER", "public.t");
        assertThat(RunCommand.run("migrations", "--server", server).out())
                .containsPattern(name + " +" + databases.name() + ".* READY_TO_CUTOVER");
        assertThat(RunCommand.run("status", name, "--server", server, "--wait-for", "COMPLETED", "--timeout", "100ms")
                        .exitCode())
                .isEqualTo(6);

        RunCommand limit = RunCommand.run("limit", pair, "--readers", "1", "--server", server);
        assertThat(limit.exitCode()).as(limit.err()).isZero();
        assertThat(databases.askTarget("select readers, bytes_per_second from changeover.load_limits"))
                .containsExactly("1|null");
        assertThat(RunCommand.run("limit", pair, "--bytes-per-second", "0", "--server", server)
                        .err())
                .contains("bytesPerSecond must be a whole number of at least 1");
        assertThat(RunCommand.run("reload", pair, "t", "--server", server).err())
                .contains("named as SCHEMA.TABLE");
        RunCommand unknown = RunCommand.run("reload", pair, "public.none", "--server", server);
        assertThat(unknown.exitCode()).isEqualTo(4);
        assertThat(unknown.err()).contains("there is no table public.none on the source");
        RunCommand reload = RunCommand.run("reload", pair, "public.t", "--server", server);
        assertThat(reload.exitCode()).as(reload.err()).isZero();
        ready = RunCommand.run("status", name, "--server", server, "--wait-for", "FULL_LOAD", "--timeout", "90s");
        assertThat(ready.exitCode()).as(ready.err()).isZero();
        ready = RunCommand.run(
                "status", name, "--server", server, "--wait-for", "READY_TO_CUTOVER", "--timeout", "90s");
        assertThat(ready.exitCode()).as(ready.err()).isZero();
        assertThat(databases.askTarget("select count(*) from public.t")).containsExactly("2");

        assertThat(RunCommand.run("cutover", pair, "--confirm", name + "/other", "--server", server)
                        .exitCode())
                .isEqualTo(2);
        RunCommand cutover = RunCommand.run("cutover", pair, "--confirm", pair, "--server", server);
        assertThat(cutover.exitCode()).as(cutover.err()).isZero();
        RunCommand watch = RunCommand.run("status", name, "--server", server, "--watch");
        assertThat(watch.exitCode()).isZero();
        assertThat(watch.out()).contains("COMPLETED");

        RunCommand again = RunCommand.run("cutover", pair, "--confirm", pair, "--server", server);
        assertThat(again.exitCode()).isEqualTo(4);
        assertThat(again.err()).contains("the state is COMPLETED");
        RunCommand late = RunCommand.run("reload", pair, "public.t", "--server", server);
        assertThat(late.exitCode()).isEqualTo(4);
        assertThat(late.err()).contains("public.t", "the state is COMPLETED");
    }

    @Test
    void whatIsNotThereIsToldAsSuch(SharedStack stack) {
        String server = stack.api().uri().toString();

        RunCommand status = RunCommand.run("status", "no-such", "--server", server);
        assertThat(status.exitCode()).isEqualTo(2);
        assertThat(status.err()).contains("There is no migration no-such");
        RunCommand cutover = RunCommand.run("cutover", "no-such/db", "--confirm", "no-such/db", "--server", server);
        assertThat(cutover.exitCode()).isEqualTo(2);
        assertThat(cutover.err()).contains("There is no migration no-such");
    }

    @Test
    void withoutAServerNothingAnswers() throws IOException {
        String server = "http://127.0.0.1:" + FreePort.any();

        assertThat(RunCommand.run("status", "any", "--server", server).exitCode())
                .isEqualTo(8);
        assertThat(RunCommand.run("migrations", "--server", server).exitCode()).isEqualTo(8);
        RunCommand cutover = RunCommand.run("cutover", "a/b", "--confirm", "a/b", "--server", server);
        assertThat(cutover.exitCode()).isEqualTo(8);
        assertThat(cutover.err()).contains(server).contains("--server");
    }
}
