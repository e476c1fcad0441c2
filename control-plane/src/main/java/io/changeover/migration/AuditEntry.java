package io.changeover.migration;

import java.time.Instant;
import java.util.List;

/**
 * A record of the audit topic: one for each change of what is remembered, in the same Kafka transaction.
 *
 * @param who the caller's name, {@code operator} where nobody has to say it, or the control plane itself
 * @param what was asked for; empty text where nobody had to ask
 * @param changes what became of it, with what it was before
 */
public record AuditEntry(Instant at, String migration, String who, String what, List<Change> changes) {

    public AuditEntry {
        changes = List.copyOf(changes);
    }

    /** Whose doing a change is. */
    public record Cause(String who, String what) {

        /** Nobody asked for it. */
        public static final Cause ITSELF = new Cause("control plane", "");
    }
}
