package io.changeover.checker;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold of a database, given what the application knows. Pure. */
final class Rules {

    private static final int SHOWN = 5;

    private Rules() {}

    /**
     * Every acknowledged insert is there, none that was rolled back, and nothing that nobody wrote; those of unknown
     * fate may be there or not.
     */
    static List<String> inserts(Map<Long, Fate> known, Set<Long> there) {
        List<Long> lost = new ArrayList<>();
        List<Long> risen = new ArrayList<>();
        known.forEach((id, fate) -> {
            if (fate == Fate.COMMITTED && !there.contains(id)) {
                lost.add(id);
            } else if (fate == Fate.ROLLED_BACK && there.contains(id)) {
                risen.add(id);
            }
        });
        Set<Long> unheard = new HashSet<>(there);
        unheard.removeAll(known.keySet());
        List<String> violations = new ArrayList<>();
        told("acknowledged inserts are missing", lost).ifPresent(violations::add);
        told("inserts are there that were rolled back", risen).ifPresent(violations::add);
        told("inserts are there that nobody made", List.copyOf(unheard)).ifPresent(violations::add);
        return violations;
    }

    /**
     * A list has its items in the order in which they were appended, each once: all that were acknowledged, none that
     * was rolled back.
     */
    static List<String> list(int number, List<Map.Entry<Long, Fate>> appended, List<Long> there) {
        List<String> violations = new ArrayList<>();
        if (new HashSet<>(there).size() < there.size()) {
            violations.add("list " + number + " has an item twice: " + there);
        }
        List<Long> expected = new ArrayList<>();
        for (Map.Entry<Long, Fate> item : appended) {
            if (item.getValue() == Fate.COMMITTED
                    || (item.getValue() == Fate.UNKNOWN && there.contains(item.getKey()))) {
                expected.add(item.getKey());
            }
        }
        if (!there.equals(expected)) {
            violations.add("list " + number + " is " + there + " and should be " + expected);
        }
        return violations;
    }

    /** Transfers move money, and make none. */
    static Optional<String> sum(long expected, long there) {
        return expected == there
                ? Optional.empty()
                : Optional.of("the accounts of both tables have " + there + " together and not " + expected);
    }

    private static Optional<String> told(String what, List<Long> ids) {
        return ids.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        ids.size() + " " + what + ": " + ids.subList(0, Math.min(SHOWN, ids.size())) + ", among them");
    }
}
