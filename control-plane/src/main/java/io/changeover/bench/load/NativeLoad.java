package io.changeover.bench.load;

import io.changeover.bench.Condition;
import io.changeover.bench.Parts;
import io.changeover.postgres.Identifier;
import io.changeover.postgres.ServerSettings;
import java.time.Duration;

/** The initial copy of PostgreSQL's own logical replication, by default two tables at a time; the keys are there. */
final class NativeLoad implements LoadSide {

    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final LoadServers servers;

    NativeLoad(LoadServers servers) {
        this.servers = servers;
    }

    @Override
    public String name() {
        return "native";
    }

    @Override
    public void prepare(ServerSettings target, String run, Parts parts) throws Exception {
        LoadServers.execute(
                target, servers.tables().stream().map(LoadTable::key).toArray(String[]::new));
    }

    @Override
    public void load(ServerSettings target, String run, Parts parts) throws Exception {
        ServerSettings administrator = servers.administrator(target.database());
        ServerSettings from = servers.source();
        String name = Identifier.quote(run);
        LoadServers.execute(
                administrator,
                "create subscription " + name
                        + " connection 'host=%s port=%d dbname=%s user=%s password=%s' publication %s"
                                .formatted(
                                        from.host(),
                                        from.port(),
                                        from.database(),
                                        from.user(),
                                        from.password(),
                                        LoadServers.PUBLICATION));
        parts.add(() -> LoadServers.execute(administrator, "drop subscription " + name));
        Condition.await(
                "the subscription has copied all tables",
                LIMIT,
                LOOK_EVERY,
                () -> LoadServers.ask(
                                administrator, "select bool_and(srsubstate in ('r', 's')) from pg_subscription_rel")
                        .equals("t"));
    }
}
