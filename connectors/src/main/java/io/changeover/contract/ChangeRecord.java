package io.changeover.contract;

import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The value of a record of the change topic: some events, in order. A record may begin and end anywhere, also inside a
 * transaction; the order of records is that of their events.
 *
 * <p>To whoever does not know this class it is the map that {@link MapWire} describes, so that any Connect converter
 * for data without a schema can carry it; Changeover's own does so without making the map.
 */
public final class ChangeRecord extends AbstractMap<String, Object> {

    private final List<ChangeEvent> events;
    private @Nullable Map<String, Object> map;

    /** A record of these events. */
    public ChangeRecord(List<ChangeEvent> events) {
        this.events = List.copyOf(events);
    }

    /** What it says, in order. */
    public List<ChangeEvent> events() {
        return events;
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        Map<String, Object> made = map;
        if (made == null) {
            made = MapWire.encode(events);
            map = made;
        }
        return made.entrySet();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ChangeRecord that ? events.equals(that.events) : super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    /** Without values: they do not belong into logs. */
    @Override
    public String toString() {
        return "ChangeRecord[" + events.size() + " events]";
    }
}
