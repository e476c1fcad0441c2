package io.changeover.verify;

import io.changeover.postgres.TableName;
import io.changeover.verify.Inventory.Relation;
import io.changeover.verify.TableComparison.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Compares every row of two databases, each as its snapshot holds it. */
public final class DatabaseComparison {

    private static final long LARGE_BYTES = 256L << 20;

    private static final Optional<String> STALE_VIEW =
            Optional.of("a materialized view: its last REFRESH on the source may have been before the rows changed");

    private final SnapshotReaders source;
    private final SnapshotReaders target;
    private final ComparedColumns sourceColumns;
    private final ComparedColumns targetColumns;
    private final Consumer<TableComparison> listener;
    private final CompletableFuture<Void> failed = new CompletableFuture<>();

    private DatabaseComparison(
            SnapshotReaders source,
            SnapshotReaders target,
            ComparedColumns sourceColumns,
            ComparedColumns targetColumns,
            Consumer<TableComparison> listener) {
        this.source = source;
        this.target = target;
        this.sourceColumns = sourceColumns;
        this.targetColumns = targetColumns;
        this.listener = listener;
    }

    /**
     * Compares, small tables first, then the others from the largest on. A table that only one side has is a
     * difference. Blocks until all is compared.
     *
     * @param source the source's moment
     * @param target the target's moment, at which everything up to the source's moment is applied
     * @param selected which tables, of both sides
     * @param parallelism tables at a time: as many connections to each side
     * @param listener told of each table when it is compared, by one thread at a time
     * @return all of them by name
     * @throws SQLException if a table cannot be read completely; what was being read is given up
     * @throws InterruptedException if the thread is interrupted; what was being read is given up
     */
    public static List<TableComparison> run(
            HeldSnapshot source,
            HeldSnapshot target,
            Predicate<TableName> selected,
            int parallelism,
            Consumer<TableComparison> listener)
            throws SQLException, InterruptedException {
        int major = Math.min(major(source.connection()), major(target.connection()));
        Map<TableName, Pair> pairs = pairs(source.connection(), target.connection());
        pairs.keySet().removeIf(selected.negate());
        ComparedColumns sourceColumns = ComparedColumns.read(source.connection(), major);
        ComparedColumns targetColumns = ComparedColumns.read(target.connection(), major);
        try (SnapshotReaders left = SnapshotReaders.open(source, parallelism);
                SnapshotReaders right = SnapshotReaders.open(target, parallelism)) {
            return new DatabaseComparison(left, right, sourceColumns, targetColumns, listener).compare(pairs);
        }
    }

    /** Small tables first, while the locks last that keep them from being emptied; then the largest of the others. */
    private static final Comparator<Pair> ORDER = Comparator.comparing(Pair::isLarge)
            .thenComparing((one, other) -> one.isLarge()
                    ? Long.compare(other.bytes(), one.bytes())
                    : Long.compare(one.bytes(), other.bytes()));

    /** A relation on both sides, where they have it. */
    private record Pair(TableName table, Optional<Relation> source, Optional<Relation> target) {

        long bytes() {
            return Math.max(
                    source.map(Relation::bytes).orElse(0L),
                    target.map(Relation::bytes).orElse(0L));
        }

        boolean isLarge() {
            return bytes() > LARGE_BYTES;
        }

        /** The result, where it is known without reading a row. */
        Optional<TableComparison> verdict() {
            if (target.isEmpty()) {
                return Optional.of(result(Verdict.DIFFERENT, "missing on the target"));
            }
            if (source.isEmpty()) {
                return Optional.of(result(Verdict.DIFFERENT, "missing on the source"));
            }
            if (!source.get().populated()) {
                return Optional.of(result(Verdict.EXCLUDED, "not populated on the source"));
            }
            if (!target.get().populated()) {
                return Optional.of(result(Verdict.DIFFERENT, "not populated on the target"));
            }
            if (source.get().unlogged()) {
                return Optional.of(result(Verdict.EXCLUDED, "unlogged on the source: its changes are not replicated"));
            }
            return Optional.empty();
        }

        private TableComparison result(Verdict verdict, String note) {
            return new TableComparison(table, isMaterializedView(), 0, 0, verdict, Optional.empty(), Optional.of(note));
        }

        boolean isMaterializedView() {
            return source.or(() -> target).map(Relation::materializedView).orElse(false);
        }
    }

    private static Map<TableName, Pair> pairs(Connection source, Connection target) throws SQLException {
        Map<TableName, Relation> left = Inventory.read(source).relations();
        Map<TableName, Relation> right = Inventory.read(target).relations();
        Map<TableName, Pair> pairs = new TreeMap<>();
        left.forEach((table, relation) ->
                pairs.put(table, new Pair(table, Optional.of(relation), Optional.ofNullable(right.get(table)))));
        right.forEach((table, relation) ->
                pairs.putIfAbsent(table, new Pair(table, Optional.empty(), Optional.of(relation))));
        return pairs;
    }

    private List<TableComparison> compare(Map<TableName, Pair> pairs) throws SQLException, InterruptedException {
        List<CompletableFuture<TableComparison>> running =
                pairs.values().stream().sorted(ORDER).map(this::start).toList();
        awaitAllOrFirstFailure(running);
        List<TableComparison> results = new ArrayList<>();
        for (CompletableFuture<TableComparison> result : running) {
            results.add(result.join());
        }
        results.sort(Comparator.comparing(TableComparison::table));
        return List.copyOf(results);
    }

    private CompletableFuture<TableComparison> start(Pair pair) {
        CompletableFuture<TableComparison> result = pair.verdict()
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> source.digest(
                                pair.table(), sourceColumns.copy(pair.table(), targetColumns), pair.isLarge())
                        .thenCombine(
                                target.digest(
                                        pair.table(), targetColumns.copy(pair.table(), sourceColumns), pair.isLarge()),
                                (left, right) -> judge(pair, left, right)));
        return result.thenApply(this::tell).whenComplete((value, failure) -> {
            if (failure != null) {
                failed.completeExceptionally(failure);
            }
        });
    }

    private TableComparison judge(Pair pair, TableDigest left, TableDigest right) {
        Optional<String> columns = ComparedColumns.disagreement(pair.table(), sourceColumns, targetColumns);
        boolean equal = columns.isEmpty() && left.equals(right);
        Optional<String> note = columns.isEmpty() && !equal && pair.isMaterializedView() ? STALE_VIEW : columns;
        return new TableComparison(
                pair.table(),
                pair.isMaterializedView(),
                left.rows(),
                right.rows(),
                equal ? Verdict.EQUAL : Verdict.DIFFERENT,
                Optional.of(new TableComparison.Sums(left.sum(), right.sum())),
                note);
    }

    private TableComparison tell(TableComparison result) {
        synchronized (listener) {
            listener.accept(result);
        }
        return result;
    }

    private void awaitAllOrFirstFailure(List<CompletableFuture<TableComparison>> running)
            throws SQLException, InterruptedException {
        CompletableFuture<Void> all = CompletableFuture.allOf(running.toArray(CompletableFuture[]::new));
        try {
            CompletableFuture.anyOf(all, failed).get();
        } catch (ExecutionException e) {
            throw rootOf(e) instanceof SQLException failure ? failure : new SQLException("The comparison failed", e);
        }
    }

    private static Throwable rootOf(Throwable wrapped) {
        Throwable cause = wrapped.getCause();
        boolean wrapper = wrapped instanceof ExecutionException || wrapped instanceof CompletionException;
        return wrapper && cause != null ? rootOf(cause) : wrapped;
    }

    private static int major(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }
}
