package io.changeover.migration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Something that is not as it was before, for the audit.
 *
 * @param database the source database; empty if it is of the migration as a whole
 * @param what which part: {@code state}, {@code steps}, {@code asked} …
 * @param before in words; empty text if there was nothing
 * @param after in words; empty text if there is nothing
 */
public record Change(String database, String what, String before, String after) {

    /** What differs between two versions of a migration; empty stands for one that is not there. */
    public static List<Change> between(Optional<Migration> before, Optional<Migration> after) {
        List<Change> changes = new ArrayList<>();
        compare("", before.map(Change::ofMigration), after.map(Change::ofMigration), changes);
        Set<String> databases = new LinkedHashSet<>();
        before.ifPresent(found ->
                found.databases().forEach(each -> databases.add(each.pair().source())));
        after.ifPresent(found ->
                found.databases().forEach(each -> databases.add(each.pair().source())));
        for (String database : databases) {
            compare(
                    database,
                    before.flatMap(found -> found.database(database)).map(Change::ofDatabase),
                    after.flatMap(found -> found.database(database)).map(Change::ofDatabase),
                    changes);
        }
        return changes;
    }

    private static void compare(
            String database,
            Optional<Map<String, String>> before,
            Optional<Map<String, String>> after,
            List<Change> changes) {
        Set<String> parts = new LinkedHashSet<>(before.orElse(Map.of()).keySet());
        parts.addAll(after.orElse(Map.of()).keySet());
        for (String part : parts) {
            String was = before.orElse(Map.of()).getOrDefault(part, "");
            String is = after.orElse(Map.of()).getOrDefault(part, "");
            if (!was.equals(is)) {
                changes.add(new Change(database, part, was, is));
            }
        }
    }

    static Map<String, String> ofMigration(Migration migration) {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("source", migration.spec().source().toString());
        parts.put("target", migration.spec().target().toString());
        parts.put("schema", migration.spec().schema().word());
        parts.put("roles", migration.spec().roles().word());
        parts.put("replicaIdentity", migration.spec().replicaIdentity().word());
        parts.put("load", migration.spec().load().toString());
        parts.put("cutover", migration.spec().cutover().toString());
        parts.put("ddl", migration.spec().ddl().toString());
        parts.put("fallback", migration.spec().fallback().toString());
        parts.put(
                "hooks",
                migration.spec().hooks().isEmpty()
                        ? ""
                        : migration.spec().hooks().toString());
        return parts;
    }

    static Map<String, String> ofDatabase(DatabaseStatus status) {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("target", status.pair().target());
        parts.put("state", status.state().name());
        parts.put("steps", status.done().stream().sorted().map(Step::name).collect(Collectors.joining(" ")));
        parts.put("reason", status.reason().orElse(""));
        parts.put("asked", status.wish().map(Wish::name).orElse(""));
        parts.put("cutoverRequested", String.valueOf(status.cutoverRequested()));
        CutoverPlan plan = status.cutoverPlan();
        parts.put("cutoverAt", plan.at().map(Object::toString).orElse(""));
        parts.put("cutoverUntil", plan.until().map(Object::toString).orElse(""));
        parts.put("cutoverTogether", String.join(" ", plan.together()));
        parts.put("aborted", plan.abortedBy().orElse(""));
        parts.put("aborting", status.abortIsUnderWay() ? "true" : "");
        parts.put("rehearse", plan.rehearse().map(runs -> runs + " runs").orElse(""));
        parts.put("rehearsal", plan.rehearsal().map(Object::toString).orElse(""));
        parts.put(
                "reloads",
                status.reloads().stream().map(Object::toString).sorted().collect(Collectors.joining(" ")));
        parts.put("cutover", status.cutover().map(Object::toString).orElse(""));
        parts.put(
                "comparison",
                status.comparison().map(result -> "equal: " + result.equal()).orElse(""));
        parts.put(
                "without",
                status.abandoned().servers().stream().map(Side::word).sorted().collect(Collectors.joining(" ")));
        parts.put("left", status.abandoned().words());
        parts.put("fallback", status.fallback().map(back -> back.phase().name()).orElse(""));
        parts.put(
                "rollbackRequested",
                String.valueOf(status.fallback().map(Fallback::requested).orElse(false)));
        parts.put("hook", lastHook(status));
        parts.put("finished", String.valueOf(status.finished().orElse(false)));
        return parts;
    }

    private static String lastHook(DatabaseStatus status) {
        return status.hooks().isEmpty()
                ? ""
                : words(status.hooks().get(status.hooks().size() - 1));
    }

    private static String words(HookRun run) {
        String result = run.result().isEmpty() ? "" : " (" + run.result() + ", " + run.millis() + " ms)";
        return run.title() + " " + run.state() + result + " at " + run.began();
    }
}
