package io.changeover.e2e;

import io.changeover.postgres.Connections;
import io.changeover.postgres.ServerSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A database pair of one test. The databases have the same name on both sides, the migration has it with a hyphen. */
public final class Databases {

    private final String name;
    private final Function<String, ServerSettings> source;
    private final Function<String, ServerSettings> target;
    private final ServerSettings superuser;

    Databases(
            String name,
            Function<String, ServerSettings> source,
            Function<String, ServerSettings> target,
            ServerSettings superuser) {
        this.name = name;
        this.source = source;
        this.target = target;
        this.superuser = superuser;
    }

    /** The same pair, with another way to the target. */
    Databases withTarget(UnaryOperator<ServerSettings> way) {
        return new Databases(name, source, role -> way.apply(target.apply(role)), superuser);
    }

    public String name() {
        return name;
    }

    public String migration() {
        return name.replace('_', '-');
    }

    public ServerSettings source(String role) {
        return source.apply(role);
    }

    public ServerSettings target(String role) {
        return target.apply(role);
    }

    /** Each string is one transaction of the application on the source. */
    public void onSource(String... transactions) throws SQLException {
        Servers.run(source(Servers.APPLICATION), transactions);
    }

    /** Each string is one transaction of the superuser on the source. */
    public void onSourceAsSuperuser(String... transactions) throws SQLException {
        Servers.run(superuser, transactions);
    }

    public void onTarget(String... transactions) throws SQLException {
        Servers.run(target(Servers.MIGRATOR), transactions);
    }

    public List<String> askSource(String query) throws SQLException {
        return ask(source(Servers.MIGRATOR), query);
    }

    public List<String> askTarget(String query) throws SQLException {
        return ask(target(Servers.MIGRATOR), query);
    }

    /** A session as an application opens it, with the settings of database and role. */
    public static Connection plain(ServerSettings server) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", server.user());
        properties.setProperty("password", server.password());
        return DriverManager.getConnection(
                "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + server.database(), properties);
    }

    /** The rows of a query, the columns of each separated by {@code |}. */
    public static List<String> ask(ServerSettings server, String query) throws SQLException {
        try (Connection connection = Connections.open(server, "changeover-test");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> lines = new ArrayList<>();
            while (rows.next()) {
                List<String> line = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    line.add(String.valueOf(rows.getString(i)));
                }
                lines.add(String.join("|", line));
            }
            return lines;
        }
    }
}
