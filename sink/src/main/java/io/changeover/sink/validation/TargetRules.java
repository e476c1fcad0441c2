package io.changeover.sink.validation;

import io.changeover.postgres.Identifier;
import io.changeover.sink.config.ConnectionKeys;
import io.changeover.sink.config.KeyProblem;
import io.changeover.sink.guard.GuardMode;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with a target, each with a remedy, at the key that decides it. */
final class TargetRules {

    private static final int OLDEST = 120_000;

    private TargetRules() {}

    static List<KeyProblem> problems(TargetFacts facts, String user, GuardMode guard) {
        String role = Identifier.quote(user);
        List<KeyProblem> problems = new ArrayList<>();
        if (facts.version() < OLDEST) {
            problems.add(new KeyProblem(
                    ConnectionKeys.HOST,
                    "The server is PostgreSQL " + facts.versionText()
                            + "; targets from PostgreSQL 12 on are supported: take a newer one"));
        }
        if (facts.isReplica()) {
            problems.add(new KeyProblem(
                    ConnectionKeys.HOST, "The server is a replica, which cannot be written: give the primary's host"));
        }
        ledger(facts.ledger(), role, problems);
        guard(facts, role, guard, problems);
        return problems;
    }

    private static void guard(TargetFacts facts, String role, GuardMode guard, List<KeyProblem> problems) {
        boolean setsAside = guard == GuardMode.DDL || (guard == GuardMode.AUTO && !facts.maySilence());
        if (guard == GuardMode.REPLICA && !facts.maySilence()) {
            problems.add(new KeyProblem(ConnectionKeys.USER, "Role " + role + " " + SilencingRight.remedy(role)));
        }
        for (String obstacle : setsAside ? facts.obstacles() : List.<String>of()) {
            problems.add(
                    new KeyProblem(ConnectionKeys.USER, "CO-2050: role " + role + " cannot set aside " + obstacle));
        }
    }

    private static void ledger(TargetFacts.LedgerRight right, String role, List<KeyProblem> problems) {
        switch (right) {
            case ENOUGH -> {}
            case NOT_CREATABLE ->
                problems.add(new KeyProblem(
                        ConnectionKeys.USER,
                        "Role " + role + " may not create the schema changeover, in which the position is kept:"
                                + " grant create on database … to " + role));
            case NOT_WRITABLE ->
                problems.add(new KeyProblem(
                        ConnectionKeys.USER,
                        "Role " + role + " may not write to all tables of the schema changeover, which another role"
                                + " has made: grant usage on schema changeover to " + role
                                + "; grant select, insert, update, delete on all tables in schema changeover to "
                                + role));
        }
    }
}
