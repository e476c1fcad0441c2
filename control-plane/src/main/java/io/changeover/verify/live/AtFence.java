package io.changeover.verify.live;

import java.util.List;

/**
 * What was compared at the fence, when nobody writes and everything is applied.
 *
 * @param rows that had changed since they were compared, and were compared now
 * @param differences a sentence each; empty if nothing differs
 * @param unfinished what could not be compared in the time that there was, a sentence each
 */
public record AtFence(long rows, List<String> differences, List<String> unfinished) {

    public AtFence {
        differences = List.copyOf(differences);
        unfinished = List.copyOf(unfinished);
    }
}
