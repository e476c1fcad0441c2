package io.changeover.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.changeover.migration.Migration;
import io.changeover.migration.Side;
import io.changeover.migration.Wish;
import io.changeover.runner.ControlPlane;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a person may ask for, of a migration and of a pair alike. */
final class Lifecycle {

    private static final String DESPITE_CLIENTS = "despiteClients";

    private final ControlPlane controlPlane;
    private final Lookup lookup;

    Lifecycle(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.lookup = new Lookup(controlPlane);
    }

    /** Starts what is not started, and goes on with what has failed. */
    Response start(String who, String name, Optional<String> database) {
        find(name, database);
        controlPlane.start(who, name, database);
        return accepted(name);
    }

    /** Of all pairs, those that can have it get it. */
    Response ask(String who, String name, Optional<String> database, Wish wish) {
        find(name, database);
        return answer(name, database, wish, controlPlane.request(who, name, database, wish));
    }

    private Response answer(String name, Optional<String> database, Wish wish, Map<String, String> refusals) {
        Migration migration = lookup.migration(name);
        boolean allRefused = database.isPresent()
                ? !refusals.isEmpty()
                : refusals.size() == migration.databases().size();
        if (allRefused) {
            throw Problem.conflict(
                    ProblemCode.NOT_POSSIBLE_NOW, "Not possible now: " + word(wish) + " " + name, refusals);
        }
        return accepted(name);
    }

    /** The same for what removes something. */
    Response confirmed(String who, String name, Optional<String> database, Wish wish, JsonNode body) {
        find(name, database);
        requireConfirmed(body, name(name, database), "that you want to " + word(wish) + " it");
        Set<Side> gone = gone(body);
        if (wish == Wish.FINISH
                && !gone.contains(Side.SOURCE)
                && !body.path(DESPITE_CLIENTS).asBoolean()) {
            requireUnused(name, database);
        }
        return gone.isEmpty()
                ? ask(who, name, database, wish)
                : answer(name, database, wish, controlPlane.requestWithout(who, name, database, wish, gone));
    }

    private static Set<Side> gone(JsonNode body) {
        Set<Side> gone = EnumSet.noneOf(Side.class);
        JsonNode without = body.path("without");
        for (JsonNode each : without) {
            gone.add(Arrays.stream(Side.values())
                    .filter(side -> side.word().equals(each.asText()))
                    .findFirst()
                    .orElseThrow(() -> Problem.badRequest(
                            ProblemCode.WRONG_BODY, "/without: is a list of \"source\" and \"target\"")));
        }
        if (!without.isMissingNode() && gone.isEmpty()) {
            throw Problem.badRequest(ProblemCode.WRONG_BODY, "/without: is a list of \"source\" and \"target\"");
        }
        return gone;
    }

    /** Whoever still has the old address would write to the wrong server as soon as it can be written to. */
    private void requireUnused(String name, Optional<String> database) {
        Map<String, List<String>> uses = controlPlane.formerUses(name, database);
        if (!uses.isEmpty()) {
            throw Problem.conflict(
                    ProblemCode.SOURCE_IN_USE,
                    "The source of " + name(name, database) + " is still used, and finish lets it be written to again."
                            + " Send {\"" + DESPITE_CLIENTS + "\": true} to do so all the same",
                    uses.entrySet().stream()
                            .flatMap(pair -> pair.getValue().stream().map(use -> pair.getKey() + ": " + use))
                            .toList());
        }
    }

    static void requireConfirmed(JsonNode body, String wanted, String what) {
        if (body == null || !body.path("confirm").asText().equals(wanted)) {
            throw Problem.badRequest(
                    ProblemCode.NOT_CONFIRMED, "To confirm " + what + ", send {\"confirm\":\"" + wanted + "\"}");
        }
    }

    Migration find(String name, Optional<String> database) {
        Migration migration = lookup.migration(name);
        database.ifPresent(source -> lookup.database(migration, source));
        return migration;
    }

    static String name(String migration, Optional<String> database) {
        return database.map(source -> migration + "/" + source).orElse(migration);
    }

    private static String word(Wish wish) {
        return wish.name().toLowerCase(Locale.ROOT);
    }

    Response accepted(String name) {
        return Response.accepted(Views.migration(lookup.migration(name))).build();
    }
}
