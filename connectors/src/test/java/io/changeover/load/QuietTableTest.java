package io.changeover.load;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.postgres.Connections;
import io.changeover.postgres.TableName;
import io.changeover.postgres.local.LocalPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class QuietTableTest {

    private static final TableName TABLE = new TableName("public", "Odd \"Name\"");

    private static LocalPostgres server;
    private static Connection target;

    @BeforeAll
    static void startServer() throws SQLException {
        server = LocalPostgres.builder(17).start();
        target = Connections.open(server.settings("postgres"), "test");
        execute(
                "create table public.parent (id int primary key)",
                "create table public.\"Odd \"\"Name\"\"\" (id int primary key, p int)",
                "create function public.f() returns trigger language plpgsql as 'begin return new; end'");
    }

    @AfterAll
    static void stopServer() throws SQLException {
        target.close();
        server.close();
    }

    @Test
    void namesAllThatWouldActOnTheRows() throws SQLException {
        assertThatNoException().isThrownBy(() -> QuietTable.require(target, TABLE));

        execute(
                "create trigger fires before insert on public.\"Odd \"\"Name\"\"\""
                        + " for each row execute function public.f()",
                "create rule copies as on insert to public.\"Odd \"\"Name\"\"\" do also select 1",
                "alter table public.\"Odd \"\"Name\"\"\" add constraint to_parent foreign key (p)"
                        + " references public.parent");
        assertThatThrownBy(() -> QuietTable.require(target, TABLE))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("CO-2052")
                .hasMessageContaining("foreign key to_parent, rule copies, trigger fires");

        execute(
                "alter table public.\"Odd \"\"Name\"\"\" disable trigger fires",
                "alter table public.\"Odd \"\"Name\"\"\" disable rule copies",
                "alter table public.\"Odd \"\"Name\"\"\" drop constraint to_parent");
        assertThatNoException().isThrownBy(() -> QuietTable.require(target, TABLE));
    }

    private static void execute(String... statements) throws SQLException {
        try (Statement statement = target.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
