package io.changeover.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * However much there is to be applied, a small heap is enough: about 600 MB of rows go through 288, by the default
 * bounds.
 */
@Tag("faults")
@Timeout(1800)
class MillionsOfChangesTest {

    private static final String HEAP = "-Xmx288m";

    private TargetDatabase target;

    @BeforeEach
    void createDatabase() throws Exception {
        target = TargetDatabase.create();
        target.execute("create table public.t (id int primary key, a text, b text, c text)");
    }

    @AfterEach
    void closeDatabase() throws Exception {
        target.close();
    }

    @Test
    void oneTransactionNeedsNoMoreThanTheBuffer() throws Exception {
        apply(MillionsProcess.Topic.LARGE);

        int rows = MillionsProcess.RECORDS - 2;
        assertThat(target.query("select count(*), count(distinct a) from public.t"))
                .containsExactly(rows + "|" + rows);
        assertThat(target.query("select transactions, groups from changeover.streams"))
                .containsExactly("1|1");
    }

    @Test
    void aBacklogNeedsNoMoreThanTheBuffer() throws Exception {
        apply(MillionsProcess.Topic.BACKLOG);

        String transactions = String.valueOf(MillionsProcess.RECORDS / 3);
        assertThat(target.query("select count(*) from public.t")).containsExactly(transactions);
        assertThat(target.query("select transactions from changeover.streams")).containsExactly(transactions);
    }

    private void apply(MillionsProcess.Topic topic) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                HEAP,
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                MillionsProcess.class.getName()));
        command.addAll(ServerArguments.of(target.settings()));
        command.add(topic.name());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
