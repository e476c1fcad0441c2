package io.changeover.sink.config;

import io.changeover.sink.guard.GuardMode;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Width;

/** What keeps the target's foreign keys, triggers and rules quiet. */
public final class GuardKeys {

    public static final String CONSTRAINT_GUARD = "constraint.guard";

    private GuardKeys() {}

    static void define(ConfigDef definition) {
        new KeyGroup(definition, "Guard")
                .optional(
                        new SinkKey(CONSTRAINT_GUARD, ConfigDef.Type.STRING, Width.SHORT, "Constraint guard"),
                        GuardMode.AUTO.word(),
                        ValidString.in(GuardMode.words().toArray(String[]::new)),
                        Importance.MEDIUM,
                        "How foreign keys, triggers and rules of the target are kept from acting on what is applied,"
                                + " which they have done on the source. replica: the session sets"
                                + " session_replication_role, or the task stops. ddl: triggers and rules are disabled"
                                + " and foreign keys dropped, with a record of all in changeover.guard, from which they"
                                + " are put back. auto: replica where the role may, otherwise ddl. none: they act.");
    }
}
