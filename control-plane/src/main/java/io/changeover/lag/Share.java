package io.changeover.lag;

import java.util.ArrayDeque;
import java.util.Deque;

/** In how many of the last looks something was so. Not thread-safe. */
final class Share {

    private static final int LOOKS = 20;

    private final Deque<Boolean> looks = new ArrayDeque<>();

    /** Adds a look and says in what share of the last ones it was so; 0 before there are enough of them to tell. */
    double look(boolean so) {
        looks.addLast(so);
        if (looks.size() > LOOKS) {
            looks.removeFirst();
        }
        return looks.size() < LOOKS ? 0 : looks.stream().filter(each -> each).count() / (double) LOOKS;
    }
}
