package io.changeover.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An entry in the table of contents of a dump.
 *
 * @param id its number in the dump
 * @param description type, schema, name and owner, with blanks in between: {@code FK CONSTRAINT public film_fkey …}
 * @param dependsOn the numbers of what it needs
 * @param line what selects it, for {@code pg_restore --use-list}
 */
record ArchiveEntry(int id, String description, Set<Integer> dependsOn, String line) {

    private static final Pattern ENTRY = Pattern.compile("(\\d+); \\d+ \\d+ (.*)");
    private static final String DEPENDS = ";\tdepends on: ";

    /** Reads what {@code pg_restore --list --verbose} writes. */
    static List<ArchiveEntry> parse(String list) {
        List<ArchiveEntry> entries = new ArrayList<>();
        for (String line : list.split("\n", -1)) {
            Matcher entry = ENTRY.matcher(line);
            if (entry.matches()) {
                entries.add(new ArchiveEntry(Integer.parseInt(entry.group(1)), entry.group(2), Set.of(), line));
            } else if (line.startsWith(DEPENDS) && !entries.isEmpty()) {
                ArchiveEntry last = entries.remove(entries.size() - 1);
                entries.add(last.dependingOn(line.substring(DEPENDS.length())));
            }
        }
        return List.copyOf(entries);
    }

    /**
     * What a role without superuser can restore: no event triggers, no comments on what belongs to the provider; no
     * user mappings, which hold passwords and need roles; no foreign keys either, which come last and by other means.
     * Comments on what is left out go with it.
     */
    static List<ArchiveEntry> restorable(List<ArchiveEntry> entries) {
        Set<Integer> without = entries.stream()
                .filter(entry -> !entry.isRestorable())
                .map(ArchiveEntry::id)
                .collect(Collectors.toCollection(HashSet::new));
        return entries.stream()
                .filter(entry -> !without.contains(entry.id()))
                .filter(entry ->
                        !(entry.isComment() && entry.dependsOn().stream().anyMatch(without::contains)))
                .toList();
    }

    private boolean isRestorable() {
        return !isForeignKey() && !isEventTrigger() && !isProviders() && !isUserMapping();
    }

    private boolean isUserMapping() {
        return description.startsWith("USER MAPPING ");
    }

    private boolean isEventTrigger() {
        return description.startsWith("EVENT TRIGGER ");
    }

    /** Whether it makes one of these schemas. */
    boolean isSchema(List<String> names) {
        return names.stream().anyMatch(name -> description.startsWith("SCHEMA - " + name + " "));
    }

    private boolean isForeignKey() {
        return description.startsWith("FK CONSTRAINT ");
    }

    private boolean isComment() {
        return description.startsWith("COMMENT ");
    }

    private boolean isProviders() {
        return description.startsWith("COMMENT - EXTENSION ") || description.startsWith("COMMENT - SCHEMA public ");
    }

    private ArchiveEntry dependingOn(String numbers) {
        Set<Integer> ids = Arrays.stream(numbers.strip().split(" +", -1))
                .map(Integer::valueOf)
                .collect(Collectors.toUnmodifiableSet());
        return new ArchiveEntry(id, description, ids, line);
    }
}
