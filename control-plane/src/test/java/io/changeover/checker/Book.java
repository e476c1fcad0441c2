package io.changeover.checker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an application has done and what became of it. Thread-safe. */
final class Book {

    private final Map<Long, Fate> inserts = new LinkedHashMap<>();
    private final Map<Integer, Map<Long, Fate>> lists = new TreeMap<>();
    private long committed;

    /** What one transaction did, if it was more than a transfer. */
    record Entry(List<Long> inserts, Map<Integer, Long> appends) {

        Entry {
            inserts = List.copyOf(inserts);
            appends = Map.copyOf(appends);
        }
    }

    synchronized void note(Entry entry, Fate fate) {
        entry.inserts().forEach(id -> inserts.put(id, fate));
        entry.appends()
                .forEach((list, item) -> lists.computeIfAbsent(list, key -> new LinkedHashMap<>())
                        .put(item, fate));
        committed += fate == Fate.COMMITTED ? 1 : 0;
    }

    /** How many transactions are acknowledged. */
    synchronized long committed() {
        return committed;
    }

    /** By id, in the order in which their fates were known. */
    synchronized Map<Long, Fate> inserts() {
        return new LinkedHashMap<>(inserts);
    }

    /** By list, what was appended in the order of the attempts: each list has one writer. */
    synchronized Map<Integer, List<Map.Entry<Long, Fate>>> lists() {
        Map<Integer, List<Map.Entry<Long, Fate>>> copy = new TreeMap<>();
        lists.forEach((list, items) -> {
            List<Map.Entry<Long, Fate>> entries = new ArrayList<>();
            items.forEach((item, fate) -> entries.add(Map.entry(item, fate)));
            copy.put(list, entries);
        });
        return copy;
    }
}
