package io.changeover.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.checker.Catalog;
import io.changeover.checker.CheckedApplication;
import io.changeover.checker.StatePath;
import io.changeover.e2e.Api;
import io.changeover.e2e.Content;
import io.changeover.e2e.Databases;
import io.changeover.e2e.Servers;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ServerSpec;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A migration whose ways to both servers can be made to fail, while an application writes to the source whatever
 * happens. What must come of every fault is in {@link #complete}.
 */
final class FaultyMigration implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Databases databases;
    private final Api api;
    private final Link source;
    private final Link target;
    private final CheckedApplication application;
    private final AtomicBoolean writesToTarget;
    private volatile boolean begun;

    private FaultyMigration(
            Databases databases,
            Api api,
            Link source,
            Link target,
            CheckedApplication application,
            AtomicBoolean writesToTarget) {
        this.databases = databases;
        this.api = api;
        this.source = source;
        this.target = target;
        this.application = application;
        this.writesToTarget = writesToTarget;
    }

    /** Makes tables on the source, begins to write to them and to migrate them. */
    static FaultyMigration begin(Databases databases, Api api, MigrationSpec spec) throws IOException, SQLException {
        CheckedApplication.makeTables(databases.source(Servers.APPLICATION));
        databases.onSource(
                "create function public.f() returns trigger language plpgsql as 'begin return new; end'",
                "create table public.t (id int primary key, parent int references public.t)",
                "create trigger fires before insert on public.t for each row execute function public.f()",
                "alter table public.t enable always trigger fires");
        Link source = Link.to(databases.source(Servers.APPLICATION).port());
        Link target = Link.to(databases.target(Servers.MIGRATOR).port());
        AtomicBoolean writesToTarget = new AtomicBoolean();
        CheckedApplication application = CheckedApplication.start(
                () -> writesToTarget.get()
                        ? databases.target(Servers.APPLICATION)
                        : databases.source(Servers.APPLICATION),
                CheckedApplication.Settings.defaults());
        FaultyMigration migration = new FaultyMigration(databases, api, source, target, application, writesToTarget);
        api.begin(spec.withServers(through(spec.source(), source), through(spec.target(), target)));
        return migration;
    }

    private static ServerSpec through(ServerSpec server, Link link) {
        return new ServerSpec(
                server.host(), link.port(), server.user(), server.password(), server.sslMode(), server.sslRootCert());
    }

    Link source() {
        return source;
    }

    Link target() {
        return target;
    }

    Databases databases() {
        return databases;
    }

    Api api() {
        return api;
    }

    /** Waits until a cutover may begin, and has it begin. */
    void cutOver() {
        watchForTheFence();
        Api.Answer answer = await("a cutover that may begin")
                .atMost(PATIENCE)
                .ignoreException(IllegalStateException.class)
                .until(
                        () -> {
                            startIfFailed();
                            return api.cutover(databases);
                        },
                        given -> given.status() == 202);
        assertThat(answer.status()).isEqualTo(202);
    }

    private void watchForTheFence() {
        begun = false;
        var unused = source.at(Moment.request("lock table only"), Link.EVERYBODY, () -> begun = true);
    }

    /** Waits until the cutover that has begun is over, and returns where the pair is then. */
    String awaitOutcome() {
        await("the cutover to begin").atMost(PATIENCE).until(() -> begun || !state().equals("READY_TO_CUTOVER"));
        return await("the cutover to end").atMost(PATIENCE).until(this::state, now -> !now.equals("CUTTING_OVER"));
    }

    /** Empty while the control plane does not answer. */
    String state() {
        return ask("state");
    }

    String reason() {
        return ask("reason");
    }

    private String ask(String field) {
        try {
            return api.database(databases).path(field).asText();
        } catch (IllegalStateException e) {
            return "";
        }
    }

    CheckedApplication application() {
        return application;
    }

    /** From now on the application connects there; where it is connected it stays. */
    void applicationGoesToTarget(boolean target) {
        writesToTarget.set(target);
    }

    /** The application has a commit acknowledged that it asks for from now on, without anybody's help. */
    void awaitWrites(Duration within) {
        long before = application.committed();
        await("writes of the application").atMost(within).until(() -> application.committed() > before + 4);
    }

    /** Waits until something has happened in a cutover, which is asked for again if it was given up before. */
    void awaitMoment(CompletableFuture<Void> moment) {
        await("the moment").atMost(PATIENCE).until(() -> {
            if (!moment.isDone() && state().equals("READY_TO_CUTOVER")) {
                api.cutover(databases); // the sink was not back from the one before, say
            }
            return moment.isDone();
        });
    }

    /** As an administrator ends them. */
    void endSourceSessions(String application) {
        try {
            databases.onSourceAsSuperuser("select pg_terminate_backend(pid) from pg_stat_activity where datname ="
                    + " current_database() and application_name like '" + application + "%'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** No fault any more: what is not completed is completed; nothing is lost, doubled, in half or different. */
    JsonNode complete() throws SQLException {
        source.forget();
        target.forget();
        source.mend();
        target.mend();
        await("the pair to be completed")
                .atMost(PATIENCE)
                .ignoreException(IllegalStateException.class)
                .until(() -> {
                    startIfFailed();
                    if (state().equals("READY_TO_CUTOVER")) {
                        api.cutover(databases);
                    }
                    return state().equals("COMPLETED");
                });
        JsonNode end = api.awaitEnd(databases);
        application.close();
        assertHolds(end);
        return end;
    }

    void startIfFailed() {
        if (state().equals("FAILED")) {
            api.start(databases.migration());
        }
    }

    private void assertHolds(JsonNode end) throws SQLException {
        assertThat(application.violationsOn(databases.target(Servers.MIGRATOR))).isEmpty();
        assertThat(application.violationsOn(databases.source(Servers.MIGRATOR))).isEmpty();
        assertThat(StatePath.violations(end)).isEmpty();
        Api.assertEqual(end);
        assertThat(Content.rows(databases.target(Servers.MIGRATOR)))
                .isNotEmpty()
                .isEqualTo(Content.rows(databases.source(Servers.MIGRATOR)));
        List<String> catalog = Catalog.lines(databases.source(Servers.MIGRATOR));
        assertThat(Catalog.lines(databases.target(Servers.MIGRATOR))).isEqualTo(catalog);
    }

    @Override
    public void close() throws IOException {
        application.close();
        source.close();
        target.close();
    }
}
