package io.changeover.cli;

import io.changeover.api.Views;
import io.changeover.kafka.KafkaCluster;
import io.changeover.migration.DatabaseState;
import io.changeover.preflight.FindingsText;
import io.changeover.preflight.Preflight;
import io.changeover.preflight.PreflightReport;
import io.changeover.preflight.PreflightRequest;
import io.changeover.preflight.Tools;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.MigrationSpecJson;
import io.changeover.spec.Secrets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A migration from the command's side: check, create, start, watch until it is at rest. All by REST but the check. */
final class MigrationRun {

    /** By a person, and not with the target as the one to write to. */
    private static final Set<String> ENDED_OTHERWISE =
            Set.of(DatabaseState.CANCELLED.name(), DatabaseState.ROLLED_BACK.name());

    private final MigrationSpec spec;
    private final ApiClient client;

    MigrationRun(MigrationSpec spec, ApiClient client) {
        this.spec = spec;
        this.client = client;
    }

    /**
     * Checks both servers, and the cluster if the file names one, and ends the command if something blocks; what warns
     * is shown.
     *
     * @param secrets for the passwords
     * @param cluster that the file names
     */
    static void preflight(MigrationSpec spec, Secrets secrets, Optional<KafkaCluster> cluster) {
        PreflightReport report = new Preflight(Tools::onPath, Clock.systemUTC())
                .check(PreflightRequest.of(spec, spec.databases(), secrets, false, cluster));
        if (report.blocks()) {
            throw new CommandFailed(
                    ExitCode.PREFLIGHT, FindingsText.render(report.findings()) + "Nothing was changed.");
        }
        if (!report.findings().isEmpty()) {
            System.err.print(FindingsText.render(report.findings()));
        }
    }

    /** Creates the migration, or goes on with it; a file that says something else than it did is refused. */
    void start() {
        client.put(spec.name(), MigrationSpecJson.write(spec));
        client.start(spec.name());
    }

    /**
     * Shows it until nothing more happens by itself.
     *
     * @param each told of every look, to act on it
     * @return a last look, with all tables
     */
    List<DatabaseLook> watch(View view, Consumer<List<DatabaseLook>> each) throws InterruptedException {
        return watch(view, each, looks -> false);
    }

    /**
     * The same, until nothing more happens by itself or somebody has seen enough.
     *
     * @param enough asked of every look
     */
    List<DatabaseLook> watch(View view, Consumer<List<DatabaseLook>> each, Predicate<List<DatabaseLook>> enough)
            throws InterruptedException {
        while (true) {
            client.requireReady();
            List<DatabaseLook> looks = DatabaseLook.all(client, spec.name(), view.mostTables());
            view.show(looks);
            each.accept(looks);
            if (enough.test(looks) || looks.stream().allMatch(DatabaseLook::atRest)) {
                return DatabaseLook.all(client, spec.name());
            }
            TimeUnit.MILLISECONDS.sleep(View.EVERY.toMillis());
        }
    }

    /** The report of the last look. */
    Report report(List<DatabaseLook> looks, Map<String, Object> application) {
        return Report.of(spec.name(), looks, client::schemaReport, application);
    }

    /** The exit code that the last look means. */
    static int exitCode(List<DatabaseLook> looks, Report report) {
        if (report.equal()) {
            return ExitCode.OK;
        }
        List<Views.DatabaseView> views = looks.stream().map(DatabaseLook::view).toList();
        if (views.stream().anyMatch(view -> ENDED_OTHERWISE.contains(view.state()))) {
            return ExitCode.ABORTED;
        }
        if (views.stream().anyMatch(view -> view.state().equals(DatabaseState.FAILED.name()))) {
            boolean nothingChanged = views.stream()
                    .flatMap(view -> view.timeline().stream())
                    .noneMatch(transition -> transition.state() == DatabaseState.SCHEMA);
            return nothingChanged ? ExitCode.PREFLIGHT : ExitCode.FAILED;
        }
        return ExitCode.DIFFERENT;
    }
}
