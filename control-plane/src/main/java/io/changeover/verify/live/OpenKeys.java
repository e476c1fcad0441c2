package io.changeover.verify.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keys that are to be asked for, the longest waiting first. What is added while it is asked for, is asked again. */
final class OpenKeys {

    /** How often a row has to be too many in a row of looks. */
    private static final int CERTAIN = 3;

    private final Set<RowKey> waiting = new LinkedHashSet<>();
    private final Set<RowKey> asked = new LinkedHashSet<>();
    private final Map<RowKey, Integer> suspected = new HashMap<>();

    void add(RowKey key) {
        waiting.add(key);
    }

    List<RowKey> take(int most) {
        List<RowKey> taken = new ArrayList<>();
        for (Iterator<RowKey> keys = waiting.iterator(); keys.hasNext() && taken.size() < most; ) {
            taken.add(keys.next());
            keys.remove();
        }
        asked.addAll(taken);
        return taken;
    }

    /** Takes what a look said; a suspicion that has lasted long enough is a difference. */
    Judgement answered(RowKey key, Judgement judgement) {
        asked.remove(key);
        Judgement sure = judgement;
        if (judgement == Judgement.SUSPECT) {
            sure = suspected.merge(key, 1, Integer::sum) >= CERTAIN ? Judgement.DIFFERENT : Judgement.SUSPECT;
        }
        if (sure == Judgement.SUSPECT || sure == Judgement.MOVING) {
            waiting.add(key);
        }
        if (sure != Judgement.SUSPECT) {
            suspected.remove(key);
        }
        return sure;
    }

    /** Has what was taken and not answered asked again. */
    void giveBack() {
        waiting.addAll(asked);
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
