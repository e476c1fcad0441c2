package io.changeover.bench.workload;

import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** Tables, and a way to write WAL about them. */
public interface Workload {

    /**
     * What was written.
     *
     * @param changes rows inserted and updated
     * @param transactions that it took
     * @param writer what wrote it, for the report
     */
    record Written(long changes, long transactions, String writer) {}

    /** One word, for names of measurements. */
    String name();

    /** The tables that are captured. */
    List<TableName> tables();

    /** Makes the tables and the rows that are there before. */
    void create(ServerSettings database) throws SQLException;

    /** Writes at least so many changes, and few more. */
    Written write(ServerSettings database, long changes) throws SQLException, IOException, InterruptedException;
}
