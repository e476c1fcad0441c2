package io.changeover.bench.load;

import io.changeover.bench.Parts;
import io.changeover.postgres.ServerSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Two psql with a pipe between them, COPY in binary form, the keys built after: what a person makes by hand who knows
 * the server, and about as fast as rows get from one server to another. Several streams share the tables, each in as
 * many ranges of blocks.
 */
final class PipeLoad implements LoadSide {

    private final LoadServers servers;
    private final int streams;

    PipeLoad(LoadServers servers, int streams) {
        this.servers = servers;
        this.streams = streams;
    }

    @Override
    public String name() {
        return "pipe " + streams;
    }

    @Override
    public void load(ServerSettings target, String run, Parts parts) throws Exception {
        List<Callable<Void>> copies = new ArrayList<>();
        for (LoadTable table : largestFirst()) {
            for (String rows : ranges(table)) {
                copies.add(() -> {
                    copy(table, rows, target);
                    return null;
                });
            }
        }
        inStreams(copies);
        inStreams(largestFirst().stream()
                .<Callable<Void>>map(table -> () -> {
                    LoadServers.execute(target, table.key());
                    return null;
                })
                .toList());
    }

    private List<LoadTable> largestFirst() {
        return servers.tables().stream()
                .sorted(Comparator.comparing(table -> -table.rows()))
                .toList();
    }

    private List<String> ranges(LoadTable table) throws SQLException {
        if (streams == 1) {
            return List.of(table.name().quoted());
        }
        long blocks = Long.parseLong(LoadServers.ask(
                servers.source(),
                "select pg_relation_size('" + table.name().quoted() + "') / current_setting('block_size')::int"));
        List<String> ranges = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            String upper = i == streams - 1 ? "" : " and ctid < '(" + blocks * (i + 1) / streams + ",0)'";
            ranges.add("(select * from " + table.name().quoted() + " where ctid >= '(" + blocks * i / streams + ",0)'"
                    + upper + ")");
        }
        return ranges;
    }

    private void inStreams(List<Callable<Void>> work) throws Exception {
        Queue<Callable<Void>> queue = new ConcurrentLinkedQueue<>(work);
        ExecutorService threads = Executors.newFixedThreadPool(streams);
        try {
            List<Future<Void>> workers = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                workers.add(threads.submit(() -> {
                    for (Callable<Void> next = queue.poll(); next != null; next = queue.poll()) {
                        next.call();
                    }
                    return null;
                }));
            }
            for (Future<Void> each : workers) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void copy(LoadTable table, String rows, ServerSettings target) throws IOException, InterruptedException {
        List<Process> pipe = ProcessBuilder.startPipeline(List.of(
                psql(servers.source(), "copy " + rows + " to stdout (format binary)"),
                psql(target, "copy " + table.name().quoted() + " from stdin (format binary)")));
        try {
            for (Process each : pipe) {
                if (each.waitFor() != 0) {
                    throw new IOException(
                            "psql failed: " + new String(each.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        } finally {
            pipe.forEach(Process::destroyForcibly);
        }
    }

    private static ProcessBuilder psql(ServerSettings server, String command) {
        ProcessBuilder psql = new ProcessBuilder(
                "psql",
                "-X",
                "-q",
                "-h",
                server.host(),
                "-p",
                String.valueOf(server.port()),
                "-U",
                server.user(),
                "-d",
                server.database(),
                "-c",
                command);
        psql.environment().put("PGPASSWORD", server.password());
        return psql;
    }
}
