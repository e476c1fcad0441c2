package io.changeover.sink.validation;

import io.changeover.postgres.Identifier;
import io.changeover.sink.config.ConnectionKeys;
import io.changeover.sink.config.KeyProblem;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with a target, each with a remedy, at the key that decides it. */
final class TargetRules {

    private static final int OLDEST = 120_000;

    private TargetRules() {}

    static List<KeyProblem> problems(TargetFacts facts, String user) {
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
        if (!facts.maySilence()) {
            problems.add(new KeyProblem(ConnectionKeys.USER, "Role " + role + " " + SilencingRight.remedy(role)));
        }
        return problems;
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
