package io.changeover.cutover;

import io.changeover.lag.Pending;
import io.changeover.lag.Progress;
import io.changeover.lag.Quarantined;
import io.changeover.lag.Signs;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Readiness;
import io.changeover.migration.Rehearsal;
import io.changeover.spec.CutoverSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What has to hold for a cutover to begin: a rule for each gate, over what was seen. */
public final class Gates {

    private static final String FOREIGN_KEY = "CO-2053";

    /**
     * What was seen of a pair.
     *
     * @param status as it is remembered
     * @param spec how it cuts over
     * @param progress the last look at lag, quarantine and sessions
     * @param fresh whether that look is of now
     * @param connectorsRun whether capture and sink run, all their tasks
     * @param connectors which do not, in words
     * @param guard what guard and foreign keys have against it, a sentence each
     * @param ddl what definitions have against it, a sentence each
     * @param servers the last look at both servers; empty if there was none yet
     */
    public record Seen(
            DatabaseStatus status,
            CutoverSpec spec,
            Progress progress,
            boolean fresh,
            boolean connectorsRun,
            List<String> connectors,
            List<String> guard,
            List<String> ddl,
            Optional<GateFacts> servers) {

        public Seen {
            connectors = List.copyOf(connectors);
            guard = List.copyOf(guard);
            ddl = List.copyOf(ddl);
        }
    }

    private Gates() {}

    /** All of them, those that can be mended last, last. */
    public static List<Gate> of(Seen seen) {
        List<Gate> gates = new ArrayList<>();
        gates.add(state(seen.status().state()));
        gates.add(connectors(seen));
        gates.add(pending(seen));
        gates.add(none("quarantine", Quarantined.sentences(seen.progress().quarantine())));
        gates.add(none("foreign keys", sentences(seen.guard(), true)));
        gates.add(none("constraint guard", sentences(seen.guard(), false)));
        gates.add(none("definitions", seen.ddl()));
        gates.add(none(
                "reloads",
                seen.status().reloads().stream()
                        .map(table -> table + " is to be loaded again")
                        .sorted()
                        .toList()));
        gates.add(rehearsal(seen.status().cutoverPlan().rehearsal(), seen.spec()));
        seen.servers().ifPresent(facts -> gates.addAll(servers(facts, seen)));
        return List.copyOf(gates);
    }

    /** What stands in the way, a sentence each; empty if a cutover can begin. */
    public static List<String> blockers(List<Gate> gates) {
        return gates.stream().filter(gate -> !gate.ok()).map(Gate::blocker).toList();
    }

    private static Gate state(DatabaseState state) {
        DatabaseState wanted = DatabaseState.READY_TO_CUTOVER;
        return Gate.of(
                "state", state.name(), wanted.name(), state == wanted, "the state is " + state + ", not " + wanted);
    }

    private static Gate connectors(Seen seen) {
        return Gate.of(
                "connectors",
                seen.connectorsRun() ? "running" : join(seen.connectors(), "not running"),
                "running",
                seen.connectorsRun(),
                "a connector does not run" + (seen.connectors().isEmpty() ? "" : ": " + join(seen.connectors(), "")));
    }

    private static Gate pending(Seen seen) {
        String threshold = "less than " + Readiness.CLOSE.toMillis() + " ms";
        Optional<Pending> pending = seen.progress().pending().filter(known -> seen.fresh());
        if (pending.isEmpty()) {
            return Gate.of("pending changes", "not known", threshold, false, "the lag is not known");
        }
        Pending now = pending.get();
        Duration lag = Duration.ofMillis(now.lagMillis());
        return Gate.of(
                "pending changes",
                now.lagMillis() + " ms, " + now.changes() + " changes, " + (now.bytes() + now.walBytes()) + " bytes",
                threshold,
                lag.compareTo(Readiness.CLOSE) < 0,
                "the target is " + lag.toSeconds() + " s behind");
    }

    private static Gate rehearsal(Optional<Rehearsal> rehearsal, CutoverSpec spec) {
        long longest = spec.maxFreeze().toMillis();
        return Gate.of(
                "rehearsal",
                rehearsal.map(done -> "p95 " + done.freezeP95() + " ms").orElse("none"),
                "at most " + longest + " ms",
                rehearsal.isEmpty() || rehearsal.get().freezeP95() <= longest,
                "the rehearsal predicts a freeze of "
                        + rehearsal.map(Rehearsal::freezeP95).orElse(0L) + " ms (p95), and spec.cutover.maxFreeze is "
                        + longest + " ms: raise it, or make faster what "
                        + rehearsal.map(Gates::slowest).orElse("") + " waits for, and rehearse again");
    }

    private static String slowest(Rehearsal rehearsal) {
        return rehearsal.phases().stream()
                .max((one, other) -> Long.compare(one.p95(), other.p95()))
                .map(Rehearsal.Phase::name)
                .orElse("it");
    }

    private static List<Gate> servers(GateFacts facts, Seen seen) {
        if (facts.unreadable().isPresent()) {
            return List.of(Gate.of(
                    "servers",
                    "not readable",
                    "readable",
                    false,
                    "a server does not answer: " + facts.unreadable().get()));
        }
        return List.of(
                transactions(facts, seen, true),
                transactions(facts, seen, false),
                none(
                        "superusers",
                        facts.notToBeEnded().stream()
                                .map(who -> who + " on the source is a superuser's and writes; the migrating role may"
                                        + " not end it: end it")
                                .toList()),
                none(
                        "target writers",
                        facts.targetWriters().stream()
                                .map(who -> who + " writes to the target: nobody but Changeover may before the cutover."
                                        + " Stop it, and have the tables that it wrote to loaded again")
                                .toList()),
                Gate.of(
                        "replication role",
                        facts.replicationRole(),
                        "origin",
                        facts.replicationRole().equals("origin"),
                        "new sessions on the target have session_replication_role = " + facts.replicationRole()
                                + ": their triggers and foreign keys would not work. Reset it for the server, the"
                                + " database and the role"),
                none("verification", facts.verification()));
    }

    private static Gate transactions(GateFacts facts, Seen seen, boolean prepared) {
        Duration limit = seen.spec().transactionAge();
        List<GateFacts.OpenTransaction> all = new ArrayList<>(facts.open());
        // the beginning of others' transactions is hidden from a role without pg_monitor, but not how long it was seen
        seen.progress().signs().longest().map(Gates::transaction).ifPresent(all::add);
        List<GateFacts.OpenTransaction> open = all.stream()
                .filter(each -> each.prepared() == prepared)
                .sorted((one, other) -> other.age().compareTo(one.age()))
                .toList();
        List<String> old = open.stream()
                .filter(each -> each.age().compareTo(limit) > 0)
                .map(each -> each.who() + " on the source has written, and has not ended for "
                        + each.age().toSeconds() + " s (spec.cutover.transactionAge is " + limit.toMillis()
                        + " ms): " + (prepared ? "commit it or roll it back" : "end it"))
                .distinct()
                .limit(5)
                .toList();
        Duration oldest = open.isEmpty() ? Duration.ZERO : open.get(0).age();
        return Gate.of(
                prepared ? "prepared transactions" : "long transactions",
                oldest.toMillis() + " ms",
                "at most " + limit.toMillis() + " ms",
                old.isEmpty(),
                join(old, ""));
    }

    private static GateFacts.OpenTransaction transaction(Signs.OpenTransaction seen) {
        return new GateFacts.OpenTransaction(seen.who(), seen.prepared(), seen.open());
    }

    private static List<String> sentences(List<String> guard, boolean ofForeignKeys) {
        return guard.stream()
                .filter(problem -> problem.startsWith(FOREIGN_KEY) == ofForeignKeys)
                .toList();
    }

    private static Gate none(String name, List<String> sentences) {
        return Gate.of(name, String.valueOf(sentences.size()), "0", sentences.isEmpty(), join(sentences, ""));
    }

    private static String join(List<String> sentences, String otherwise) {
        return sentences.isEmpty() ? otherwise : sentences.stream().collect(Collectors.joining("; "));
    }
}
