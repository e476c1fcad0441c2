package io.changeover.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.postgres.TableName;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DvdRentalTest {

    @TempDir
    Path temporary;

    @Test
    void sameSeedGivesSameRowsOnOldAndNewServers() throws Exception {
        try (DvdRentalServer old = new DvdRentalServer(14, temporary.resolve("old"));
                DvdRentalServer recent = new DvdRentalServer(17, temporary.resolve("recent"))) {
            assertThat(old.rows()).isEqualTo(recent.rows());
            assertThat(old.rows().total()).isGreaterThan(3_000);
            assertThat(digests(old)).isEqualTo(digests(recent));
        }
    }

    /** Without times of inserts, and without what the parsers of two versions see in the same text. */
    private static Map<TableName, String> digests(DvdRentalServer server) throws SQLException {
        Map<TableName, String> digests = new TreeMap<>();
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            for (TableName table : server.rows().byTable().keySet()) {
                try (ResultSet digest = statement.executeQuery("""
                        select coalesce(md5(string_agg(line, '' order by line collate "C")), 'empty')
                          from (select (to_jsonb(t) - '{last_update,changed_at,after,fulltext}'::text[])::text as line from %s t) l""".formatted(table.quoted()))) {
                    digest.next();
                    digests.put(table, digest.getString(1));
                }
            }
        }
        return digests;
    }
}
