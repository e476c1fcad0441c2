package io.changeover.bench.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.changeover.bench.BenchmarkReport;
import io.changeover.bench.Machine;
import io.changeover.bench.Measurements;
import io.changeover.bench.Parts;
import io.changeover.bench.WorkerProcess;
import io.changeover.embedded.EmbeddedBroker;
import io.changeover.kafka.KafkaClients;
import io.changeover.migration.AuditEntry.Cause;
import io.changeover.migration.Names;
import io.changeover.postgres.local.LocalPostgres;
import io.changeover.store.MigrationStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** Measures how quickly the control plane answers when it watches many tables, and what it takes for it. */
public final class ControlBenchmark {

    private static final int MAJOR = 17;
    private static final int WARM_UP = 50;
    private static final int QUESTIONS = 200;
    private static final Duration QUIET = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final double MEBIBYTE = 1 << 20;

    /**
     * What to do.
     *
     * @param databases of the migration
     * @param tables of each
     * @param heap of the control plane, as for {@code -Xmx}
     * @param runs how often everything is asked
     */
    public record Settings(int databases, int tables, String heap, int runs) {}

    private final Settings settings;
    private final Path directory;
    private final Parts parts;
    private final Consumer<String> progress;
    private final Measurements measurements = new Measurements();
    private final HttpClient http = HttpClient.newHttpClient();

    /**
     * A benchmark that has not begun.
     *
     * @param directory for Kafka's topics and logs
     * @param parts gets everything that is started; closing it interrupts the benchmark
     * @param progress is told what goes on, in lines
     */
    public ControlBenchmark(Settings settings, Path directory, Parts parts, Consumer<String> progress) {
        this.settings = settings;
        this.directory = directory;
        this.parts = parts;
        this.progress = progress;
    }

    /**
     * Runs it.
     *
     * @throws Exception if a part does not start, or the control plane does not see all tables
     */
    public BenchmarkReport run() throws Exception {
        Map<String, Object> machine = Machine.describe();
        machine.put("databases", settings.databases());
        machine.put("tables of each", settings.tables());
        machine.put("heap", settings.heap());
        LocalPostgres source = parts.add(server());
        LocalPostgres target = parts.add(server());
        List<String> databases = ManyTables.databases(settings.databases());
        progress.accept(String.format(
                Locale.ROOT, "writing the ledgers of %d × %,d tables", settings.databases(), settings.tables()));
        ManyTables.fill(source, target, databases, settings.tables());
        EmbeddedBroker broker = parts.add(EmbeddedBroker.start(directory.resolve("broker")));
        WorkerProcess worker = parts.add(
                WorkerProcess.start(directory.resolve("worker"), broker.bootstrapServers(), Map.of(), "512m"));
        createTopics(broker.bootstrapServers(), databases);
        try (MigrationStore store =
                MigrationStore.open(KafkaClients.plain(broker.bootstrapServers()), Clock.systemUTC())) {
            store.add(ManyTables.migration(source, target, databases, directory), new Cause("operator", "bench"));
        }
        ControlPlaneProcess control = parts.add(ControlPlaneProcess.start(
                directory.resolve("control"), directory, settings.heap(), broker.bootstrapServers(), worker.url()));
        for (String database : databases) {
            awaitTables(control.uri(), database);
        }
        for (int run = 1; run <= settings.runs(); run++) {
            try {
                measure(control, databases);
            } catch (IOException e) {
                throw control.gone(e);
            }
            progress.accept("run " + run + " of " + settings.runs() + " is done");
        }
        return measurements.report("control", machine);
    }

    private static LocalPostgres server() {
        return LocalPostgres.builder(MAJOR)
                .fsync(false)
                .setting("wal_level", "logical")
                .start();
    }

    private static void createTopics(String bootstrapServers, List<String> databases)
            throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(databases.stream()
                            .map(database -> new NewTopic(
                                    new Names(ManyTables.MIGRATION, database).changeTopic(),
                                    Optional.of(1),
                                    Optional.empty()))
                            .toList())
                    .all()
                    .get();
        }
    }

    private void awaitTables(URI uri, String database) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (tables(uri, database) != settings.tables()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The control plane does not see the tables of " + database);
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private int tables(URI uri, String database) throws IOException, InterruptedException {
        JsonNode view = new ObjectMapper().readTree(ask(uri, pair(database)).body());
        return view.path("fullLoad").path("tablesTotal").asInt();
    }

    private void measure(ControlPlaneProcess control, List<String> databases) throws IOException, InterruptedException {
        double before = control.cpuSeconds();
        TimeUnit.NANOSECONDS.sleep(QUIET.toNanos());
        measurements.add("only watching", "cores", (control.cpuSeconds() - before) / QUIET.toSeconds());
        ask(control.uri(), "migrations", List.of("/api/v1/migrations"));
        ask(
                control.uri(),
                "status of a pair",
                databases.stream().map(ControlBenchmark::pair).toList());
        ask(
                control.uri(),
                "50 of its tables",
                databases.stream().map(each -> pair(each) + "/tables?limit=50").toList());
        ask(control.uri(), "metrics", List.of("/metrics"));
        measurements.add("resident memory", "MiB", control.residentMebibytes());
        control.collect();
        measurements.add("heap after a collection", "MiB", heap(control.uri()));
    }

    private static String pair(String database) {
        return "/api/v1/migrations/" + ManyTables.MIGRATION + "/databases/" + database;
    }

    /** Asks many times, one after the other, and takes the median and the slowest twentieth. */
    private void ask(URI uri, String name, List<String> paths) throws IOException, InterruptedException {
        double[] millis = new double[QUESTIONS];
        for (int i = -WARM_UP; i < QUESTIONS; i++) {
            String path = paths.get(Math.floorMod(i, paths.size()));
            long began = System.nanoTime();
            ask(uri, path);
            if (i >= 0) {
                millis[i] = (System.nanoTime() - began) / 1e6;
            }
        }
        Arrays.sort(millis);
        measurements.add(name + ", median", "ms", millis[QUESTIONS / 2]);
        measurements.add(name + ", 95 %", "ms", millis[QUESTIONS * 95 / 100]);
    }

    private HttpResponse<String> ask(URI uri, String path) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(HttpRequest.newBuilder(uri.resolve(path)).build(), BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(path + " answers " + answer.statusCode() + ": " + answer.body());
        }
        return answer;
    }

    private double heap(URI uri) throws IOException, InterruptedException {
        return ask(uri, "/metrics")
                        .body()
                        .lines()
                        .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
                        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                        .sum()
                / MEBIBYTE;
    }
}
