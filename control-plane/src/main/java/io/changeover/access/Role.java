package io.changeover.access;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a caller may do. Each role may do what those before it may. */
public enum Role {
    /** Sees everything, changes nothing. */
    VIEWER,
    /** Makes migrations and runs them, up to the cutover. */
    OPERATOR,
    /** Decides what cannot be taken back: cutover, cancel, finish. */
    APPROVER;

    /** Whether this role may do what that one may. */
    public boolean covers(Role needed) {
        return compareTo(needed) >= 0;
    }

    /** How it is written. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of that name, in small letters. */
    public static Optional<Role> parse(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
    }

    /** All of them as they are written. */
    public static List<String> words() {
        return Arrays.stream(values()).map(Role::word).toList();
    }
}
