package io.changeover.sink.config;

import org.apache.kafka.common.config.ConfigDef;

/** All keys of the sink, group by group. */
public final class SinkDefinition {

    public static final ConfigDef KEYS = new ConfigDef();

    static {
        TopicKeys.define(KEYS);
        ConnectionKeys.define(KEYS);
        BatchKeys.define(KEYS);
        GuardKeys.define(KEYS);
        FailureKeys.define(KEYS);
        RowKeys.define(KEYS);
    }

    private SinkDefinition() {}
}
