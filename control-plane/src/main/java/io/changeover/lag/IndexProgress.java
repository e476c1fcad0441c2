package io.changeover.lag;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How far the keys and indexes of the target are.
 *
 * @param made how many are made
 * @param total how many there are to be; 0 before the load has ended
 * @param building what the server is making now; before PostgreSQL 12 it does not say
 */
public record IndexProgress(int made, int total, List<Building> building) {

    /** Nothing is known. */
    public static final IndexProgress NONE = new IndexProgress(0, 0, List.of());

    private static final int PROGRESS_OF_INDEXES = 12;

    private static final String BUILDING = """
            select relid::regclass::text, phase, case when tuples_total > 0 then 100 * tuples_done / tuples_total
            when blocks_total > 0 then 100 * blocks_done / blocks_total else -1 end
            from pg_stat_progress_create_index where datname = current_database() and relid <> 0 order by 1""";

    public IndexProgress {
        building = List.copyOf(building);
    }

    /**
     * A key or an index that is being made.
     *
     * @param table quoted where that is needed
     * @param phase in the server's words
     * @param percent of that phase; empty where the server does not count
     */
    public record Building(String table, String phase, OptionalInt percent) {}

    /** Looks at the target. */
    static IndexProgress read(Connection target) throws SQLException {
        try (Statement statement = target.createStatement()) {
            try (ResultSet there = statement.executeQuery("select to_regclass('changeover.made') is not null")) {
                there.next();
                if (!there.getBoolean(1)) {
                    return NONE;
                }
            }
            try (ResultSet counts = statement.executeQuery("select count(made_at), count(*) from changeover.made")) {
                counts.next();
                int made = counts.getInt(1);
                int total = counts.getInt(2);
                return new IndexProgress(made, total, made < total ? building(target) : List.of());
            }
        }
    }

    private static List<Building> building(Connection target) throws SQLException {
        List<Building> building = new ArrayList<>();
        if (target.getMetaData().getDatabaseMajorVersion() >= PROGRESS_OF_INDEXES) {
            try (Statement statement = target.createStatement();
                    ResultSet rows = statement.executeQuery(BUILDING)) {
                while (rows.next()) {
                    int percent = rows.getInt(3);
                    building.add(new Building(
                            rows.getString(1),
                            rows.getString(2),
                            percent < 0 ? OptionalInt.empty() : OptionalInt.of(percent)));
                }
            }
        }
        return building;
    }
}
