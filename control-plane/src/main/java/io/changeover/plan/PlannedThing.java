package io.changeover.plan;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that a migration will make, alter or set.
 *
 * @param kind what it is
 * @param name what it is called
 * @param where the server, database or cluster
 * @param contains what it holds that has a name of its own, such as the tables of a schema
 * @param settings what it is made with
 * @param privilege what the role needs for it
 * @param removedBy what removes it, or puts it back
 */
public record PlannedThing(
        Kind kind,
        String name,
        String where,
        List<String> contains,
        Map<String, String> settings,
        String privilege,
        String removedBy) {

    public PlannedThing {
        contains = List.copyOf(contains);
        settings = new TreeMap<>(settings);
    }

    /** What a thing is. */
    public enum Kind {
        SLOT,
        PUBLICATION,
        SCHEMA,
        EVENT_TRIGGER,
        REPLICA_IDENTITY,
        DATABASE_SETTING,
        SESSION_SETTING,
        DEFINITIONS,
        SET_ASIDE,
        INDEXES,
        TOPIC,
        CONSUMER_GROUP,
        CONNECTOR,
        DIRECTORY;

        /** {@code replica identity}. */
        String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}
