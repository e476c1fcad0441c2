package io.changeover.bench.capture;

import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.util.List;
import java.util.Map;

/** A connector that is measured. */
public interface Side {

    /** One word, for names of measurements. */
    String name();

    /**
     * The connector's configuration.
     *
     * @param prefix what Debezium calls {@code topic.prefix}
     */
    Map<String, String> config(ServerSettings source, String prefix, String slot);

    /** The topics, of one partition each, that it writes changes of these tables to. */
    List<String> topics(String prefix, List<TableName> tables);

    /** Counts its records. */
    RowChanges rowChanges();
}
