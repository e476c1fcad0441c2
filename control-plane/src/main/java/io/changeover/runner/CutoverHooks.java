package io.changeover.runner;

import io.changeover.cutover.Course;
import io.changeover.cutover.CutoverGivenUp;
import io.changeover.hook.HookCall;
import io.changeover.hook.HookResult;
import io.changeover.hook.Hooks;
import io.changeover.hook.Limit;
import io.changeover.migration.DatabaseState;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.HookRun;
import io.changeover.postgres.ServerSettings;
import io.changeover.spec.HookDirection;
import io.changeover.spec.HookFailure;
import io.changeover.spec.HookMoment;
import io.changeover.spec.HookSpec;
import io.changeover.spec.HookStep;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the hooks of a pair's cutovers, or of its rollbacks, which are cutovers with the sides exchanged. That one is
 * about to be run is stored before, and what came of it after: of an attempt none is run twice, except one after the
 * decision (recorded, given up) in the middle of which this process has died; that one is told so. Not thread-safe.
 */
final class CutoverHooks implements Course {

    private static final Logger LOG = LoggerFactory.getLogger(CutoverHooks.class);

    /** What a cutover calls its steps, and what a hook calls them; between others there are no hooks. */
    private static final Map<String, HookStep> STEPS = Map.ofEntries(
            Map.entry("large objects, before the fence", HookStep.PREPARATION),
            Map.entry("fence", HookStep.FENCE),
            Map.entry("drain", HookStep.DRAIN),
            Map.entry("foreign keys", HookStep.FOREIGN_KEYS),
            Map.entry("verification", HookStep.VERIFICATION),
            Map.entry("sequences", HookStep.SEQUENCES),
            Map.entry("triggers, rules and foreign keys", HookStep.TRIGGERS),
            Map.entry("materialized views", HookStep.MATERIALIZED_VIEWS),
            Map.entry("read-only source", HookStep.READ_ONLY_SOURCE),
            Map.entry("large objects", HookStep.LARGE_OBJECTS),
            // the last proof that nobody writes comes after the last hook
            Map.entry("last look at the source", HookStep.COMPLETED));

    private final Pair pair;
    private final HookDirection direction;
    private final Led led;
    private final Supplier<List<HookSpec>> specs;
    private final Supplier<Optional<Long>> request;
    private final Hooks hooks;
    private final Clock clock;
    private Optional<HookStep> step = Optional.empty();

    /**
     * Hooks of a pair.
     *
     * @param pair with its sides as the cutover has them: those of a rollback are exchanged
     * @param specs what the migration wants now
     * @param request the last request for such a cutover of the pair
     */
    CutoverHooks(
            Pair pair,
            HookDirection direction,
            Led led,
            Supplier<List<HookSpec>> specs,
            Supplier<Optional<Long>> request,
            Hooks hooks,
            Clock clock) {
        this.pair = pair;
        this.direction = direction;
        this.led = led;
        this.specs = specs;
        this.request = request;
        this.hooks = hooks;
        this.clock = clock;
    }

    /** Another attempt begins. */
    CutoverHooks begin() {
        step = Optional.empty();
        return this;
    }

    @Override
    public void entering(String name, Time time) throws CutoverGivenUp {
        Optional<HookStep> next = Optional.ofNullable(STEPS.get(name));
        if (next.isEmpty()) {
            return;
        }
        if (step.isPresent()) {
            all(HookMoment.AFTER, step.get(), time);
        }
        step = next;
        all(HookMoment.BEFORE, next.get(), time);
    }

    /** What failed is given up where the hook has a veto. */
    private void all(HookMoment at, HookStep of, Time time) throws CutoverGivenUp {
        for (HookSpec hook : wanted(at, of)) {
            Duration timeout = hook.timeout().compareTo(time.left()) < 0 ? hook.timeout() : time.left();
            try {
                HookRun run = run(hook, new Limit(timeout, time.over()), Optional.empty());
                if (run.state() != HookRun.State.DONE && hook.onFailure() == HookFailure.VETO) {
                    throw new CutoverGivenUp("CO-2095: the hook " + run.title() + " keeps the " + direction.word()
                            + " from going on: "
                            + run.result()
                            + (run.output().isEmpty() ? "" : ", \"" + run.output() + '"'));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CutoverGivenUp("The control plane is being stopped", e);
            }
        }
    }

    /** The target is recorded as the one to write to: those that were not run to their end yet. */
    void completed() {
        decided(HookStep.COMPLETED, Optional.empty());
    }

    /** The source is writable again: those that were not run to their end yet. */
    void givenUp(String why) {
        led.status().hooks().stream()
                .filter(run ->
                        run.state() == HookRun.State.RUNNING && !run.step().isDecided(run.at()))
                .forEach(run -> led.change(status -> status.with(run.ended(
                        HookRun.State.INTERRUPTED, "the control plane ended while it ran", run.output(), 0))));
        decided(HookStep.GIVEN_UP, Optional.of(why));
    }

    private void decided(HookStep of, Optional<String> why) {
        for (HookSpec hook : wanted(HookMoment.AFTER, of)) {
            if (isToBeRun(hook)) {
                try {
                    HookRun unused = run(hook, new Limit(hook.timeout(), Optional::empty), why);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt(); // it is run again after the next start
                    return;
                }
            }
        }
    }

    private boolean isToBeRun(HookSpec hook) {
        return before(hook).filter(run -> run.state() != HookRun.State.RUNNING).isEmpty();
    }

    private Optional<HookRun> before(HookSpec hook) {
        DatabaseStatus status = led.status();
        return status.hooks().stream()
                .filter(run -> run.direction() == direction
                        && run.attempt().equals(attempt(status))
                        && run.at() == hook.at()
                        && run.step() == hook.step()
                        && run.name().equals(hook.name()))
                .findFirst();
    }

    private List<HookSpec> wanted(HookMoment at, HookStep of) {
        return specs.get().stream()
                .filter(hook -> hook.isFor(direction, at, of))
                .toList();
    }

    private HookRun run(HookSpec hook, Limit limit, Optional<String> why) throws InterruptedException {
        HookRun begun = new HookRun(
                direction,
                attempt(led.status()),
                request.get(),
                hook.at(),
                hook.step(),
                hook.name(),
                HookRun.State.RUNNING,
                "",
                "",
                clock.instant(),
                0,
                before(hook).isPresent());
        led.change(status -> status.with(begun)); // by who does not lead any more none is run
        LOG.info("{}: hook {}", pair.names().slot(), begun.title());
        long began = System.nanoTime();
        HookResult result = hooks.run(call(hook, begun, limit, why), limit);
        HookRun ended = begun.ended(
                HookRun.State.valueOf(result.end().name()),
                result.what(),
                result.output(),
                Duration.ofNanos(System.nanoTime() - began).toMillis());
        led.change(status -> status.with(ended));
        if (ended.state() != HookRun.State.DONE) {
            LOG.warn("{}: hook {}: {}", pair.names().slot(), ended.title(), ended.result());
        }
        return ended;
    }

    private Instant attempt(DatabaseStatus status) {
        DatabaseState under = switch (direction) {
            case CUTOVER -> DatabaseState.CUTTING_OVER;
            case ROLLBACK -> DatabaseState.ROLLING_BACK;
        };
        return status.lastEntered(under).orElse(Instant.EPOCH);
    }

    private HookCall call(HookSpec hook, HookRun run, Limit limit, Optional<String> why) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("migration", pair.spec().name());
        facts.put("database", pair.names().database());
        facts.put("direction", direction.word());
        put(facts, "source", pair.source());
        put(facts, "target", pair.target());
        boolean isSwitched = hook.step() == HookStep.COMPLETED && hook.at() == HookMoment.AFTER;
        put(facts, "writable", isSwitched ? pair.target() : pair.source());
        facts.put("hook", hook.name());
        facts.put("phase", hook.at().word());
        facts.put("step", hook.step().word());
        facts.put("attempt", run.attempt().toString());
        facts.put("operation", run.operation().map(String::valueOf).orElse(""));
        facts.put("timeout_ms", String.valueOf(limit.timeout().toMillis()));
        facts.put("repeated", String.valueOf(run.repeated()));
        facts.put("reason", why.orElse(""));
        facts.put(
                HookCall.KEY,
                String.join(
                        "/",
                        pair.spec().name(),
                        pair.names().database(),
                        run.attempt().toString(),
                        hook.at().word() + "-" + hook.step().word(),
                        hook.name()));
        return new HookCall(
                hook, facts, List.of(pair.source().password(), pair.target().password()));
    }

    private static void put(Map<String, String> facts, String side, ServerSettings server) {
        facts.put(side + "_database", server.database());
        facts.put(side + "_host", server.host());
        facts.put(side + "_port", String.valueOf(server.port()));
    }
}
