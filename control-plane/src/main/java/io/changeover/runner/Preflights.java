package io.changeover.runner;

import io.changeover.kafka.KafkaCluster;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Migration;
import io.changeover.preflight.Preflight;
import io.changeover.preflight.PreflightReport;
import io.changeover.preflight.PreflightRequest;
import io.changeover.preflight.Tools;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.Secrets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Preflights that somebody asked for, and the last of each migration. Safe for use by several threads. */
final class Preflights {

    private final Secrets secrets;
    private final KafkaCluster cluster;
    private final Preflight preflight;
    private final Map<String, PreflightReport> last = new ConcurrentHashMap<>();

    Preflights(Secrets secrets, KafkaCluster cluster, Clock clock) {
        this.secrets = secrets;
        this.cluster = cluster;
        this.preflight = new Preflight(Tools::onPath, clock);
    }

    /** What a migration has made itself is no obstacle once it has begun. */
    PreflightReport run(Migration migration) {
        List<DatabasePair> pairs =
                migration.databases().stream().map(DatabaseStatus::pair).toList();
        PreflightReport report = preflight.check(PreflightRequest.of(
                migration.spec(),
                pairs,
                secrets,
                migration.databases().stream().anyMatch(Preflights::hasBegun),
                Optional.of(cluster)));
        last.put(migration.name(), report);
        return report;
    }

    private static boolean hasBegun(DatabaseStatus status) {
        return status.timeline().stream().anyMatch(transition -> transition.state() == DatabaseState.SCHEMA);
    }

    Optional<PreflightReport> last(String migration) {
        return Optional.ofNullable(last.get(migration));
    }

    void forget(String migration) {
        last.remove(migration);
    }
}
