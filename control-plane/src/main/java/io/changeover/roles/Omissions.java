package io.changeover.roles;

import io.changeover.migration.SchemaReport.LeftOut;
import io.changeover.postgres.Identifier;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a copy of the structure leaves out. */
final class Omissions {

    private static final String DATABASE_SETTINGS = "select split_part(c.setting, '=', 1),"
            + " substr(c.setting, strpos(c.setting, '=') + 1) from pg_db_role_setting s"
            + " cross join lateral unnest(s.setconfig) as c(setting) where s.setrole = 0"
            + " and s.setdatabase = (select oid from pg_database where datname = current_database()) order by 1";

    private final Connection source;
    private final int targetMajor;
    private final String database;

    /**
     * Prepares.
     *
     * @param targetMajor the target's version
     * @param database the target's name of the database
     */
    Omissions(Connection source, int targetMajor, String database) {
        this.source = source;
        this.targetMajor = targetMajor;
        this.database = database;
    }

    List<LeftOut> read() throws SQLException {
        int sourceMajor = source.getMetaData().getDatabaseMajorVersion();
        List<LeftOut> found = new ArrayList<>();
        for (Omission omission : Omission.values()) {
            if (omission.isPossible(sourceMajor, targetMajor)) {
                read(omission, found);
            }
        }
        databaseSettings(found);
        return found;
    }

    private void read(Omission omission, List<LeftOut> found) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery(omission.sql())) {
            while (rows.next()) {
                found.add(new LeftOut(
                        rows.getString(1),
                        omission.why(),
                        rows.getString(2).replace("{database}", Identifier.quote(database))));
            }
        }
    }

    private void databaseSettings(List<LeftOut> found) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery(DATABASE_SETTINGS)) {
            while (rows.next()) {
                RoleSetting setting = new RoleSetting(Optional.empty(), true, rows.getString(1), rows.getString(2));
                found.add(new LeftOut(
                        "setting " + setting.name() + " of the database",
                        "the database is made by its administrator",
                        setting.shown(database)));
            }
        }
    }
}
