package io.changeover.report;

import java.util.List;

/**
 * A part of the report as people read it.
 *
 * @param level 1 for the report, 2 for a database, 3 for a part of it
 * @param text paragraphs below the title
 * @param header of the table; empty if there is none
 * @param rows of the table, as wide as the header
 */
record Section(int level, String title, List<String> text, List<String> header, List<List<String>> rows) {

    Section {
        text = List.copyOf(text);
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
    }

    static Section text(int level, String title, String... paragraphs) {
        return new Section(level, title, List.of(paragraphs), List.of(), List.of());
    }

    static Section table(String title, List<String> header, List<List<String>> rows) {
        return new Section(3, title, List.of(), header, rows);
    }
}
