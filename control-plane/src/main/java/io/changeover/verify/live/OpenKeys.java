package io.changeover.verify.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Keys that are to be asked for, the longest waiting first. What is added while it is asked for, is asked again. Knows
 * from where on the change topic names all of them once more.
 */
final class OpenKeys {

    /** No record of the change topic has named it. */
    static final long NOWHERE = -1;

    /** How often a row has to be too many in a row of looks. */
    private static final int CERTAIN = 3;

    /** With the last record that has named each. */
    private final Map<RowKey, Long> waiting = new LinkedHashMap<>();

    private final Map<RowKey, Long> asked = new LinkedHashMap<>();
    private final Map<RowKey, Integer> suspected = new HashMap<>();

    void add(RowKey key) {
        add(key, NOWHERE);
    }

    /**
     * Adds a key that the change topic names.
     *
     * @param offset of the record; who reads on from there finds it again, so that an earlier one does not matter
     */
    void add(RowKey key, long offset) {
        waiting.merge(key, offset, Math::max);
    }

    List<RowKey> take(int most) {
        List<RowKey> taken = new ArrayList<>();
        for (Iterator<Map.Entry<RowKey, Long>> keys = waiting.entrySet().iterator();
                keys.hasNext() && taken.size() < most; ) {
            Map.Entry<RowKey, Long> next = keys.next();
            taken.add(next.getKey());
            asked.merge(next.getKey(), next.getValue(), Math::max);
            keys.remove();
        }
        return taken;
    }

    /**
     * The offset from which on the change topic names all of them.
     *
     * @return none if it does not name one of them; a very large one if there are none
     */
    OptionalLong from() {
        long least = Long.MAX_VALUE;
        for (Map<RowKey, Long> keys : List.of(waiting, asked)) {
            for (Map.Entry<RowKey, Long> each : keys.entrySet()) {
                if (each.getValue() == NOWHERE) {
                    return OptionalLong.empty();
                }
                least = Math.min(least, each.getValue());
            }
        }
        return OptionalLong.of(least);
    }

    /** Takes what a look said; a suspicion that has lasted long enough is a difference. */
    Judgement answered(RowKey key, Judgement judgement) {
        Long named = asked.remove(key);
        Judgement sure = judgement;
        if (judgement == Judgement.SUSPECT) {
            sure = suspected.merge(key, 1, Integer::sum) >= CERTAIN ? Judgement.DIFFERENT : Judgement.SUSPECT;
        }
        if (sure == Judgement.SUSPECT || sure == Judgement.MOVING) {
            add(key, named == null ? NOWHERE : named);
        }
        if (sure != Judgement.SUSPECT) {
            suspected.remove(key);
        }
        return sure;
    }

    /** Has what was taken and not answered asked again. */
    void giveBack() {
        asked.forEach(this::add);
        asked.clear();
    }

    int size() {
        return waiting.size() + asked.size();
    }

    void clear() {
        waiting.clear();
        asked.clear();
        suspected.clear();
    }
}
