package io.changeover.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The table of {@code docs/faults.md}, where each row is of the last run of this fault in this phase. */
final class FaultsPage {

    private static final Path FILE = Path.of("../docs/faults.md");

    private static final List<String> HEAD =
            List.of("| fault | phase | outcome | seconds |", "| --- | --- | --- | --- |");

    private static final List<String> PHASES =
            Stream.of(Phase.values()).map(Phase::name).toList();

    private FaultsPage() {}

    /** Which row it is. */
    private record Cell(String fault, String phase) {

        static Cell of(String line) {
            String[] columns = line.split("\\|", -1);
            return new Cell(columns[1].strip(), columns[2].strip());
        }
    }

    static List<String> table(List<FaultTable.Row> rows) {
        List<String> lines = new ArrayList<>(HEAD);
        rows.forEach(row -> lines.add(row.toString()));
        return lines;
    }

    /** Puts these rows on the page, with {@code -Dwrite.docs=true}. */
    static void update(List<FaultTable.Row> rows) throws IOException {
        if (Boolean.getBoolean("write.docs")) {
            List<Fault> faults = Fault.all();
            List<String> order = Stream.concat(
                            faults.stream().map(Fault::name), faults.stream().map(RollbackTable::name))
                    .toList();
            Files.write(FILE, with(Files.readAllLines(FILE), rows, order));
        }
    }

    /**
     * The page with these rows instead of those of the same faults and phases that it has.
     *
     * @param order of the faults; those that there are no more come last, and so do phases
     */
    static List<String> with(List<String> page, List<FaultTable.Row> rows, List<String> order) {
        int from = page.indexOf(HEAD.get(0)) + HEAD.size();
        int to = from;
        while (to < page.size() && page.get(to).startsWith("|")) {
            to++;
        }
        Map<Cell, String> lines = new LinkedHashMap<>();
        page.subList(from, to).forEach(line -> lines.put(Cell.of(line), line));
        rows.forEach(row -> lines.put(Cell.of(row.toString()), row.toString()));

        List<String> result = new ArrayList<>(page.subList(0, from));
        lines.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<Cell, String> line) ->
                                place(line.getKey().fault(), order))
                        .thenComparingInt(line -> place(line.getKey().phase(), PHASES)))
                .forEach(line -> result.add(line.getValue()));
        result.addAll(page.subList(to, page.size()));
        return result;
    }

    private static int place(String name, List<String> order) {
        int place = order.indexOf(name);
        return place < 0 ? order.size() : place;
    }
}
