package io.changeover.sink.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.sink.config.KeyProblem;
import io.changeover.sink.guard.GuardMode;
import io.changeover.sink.validation.TargetFacts.LedgerRight;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetRulesTest {

    @Test
    void anOrdinaryTargetIsFine() {
        assertThat(TargetRules.problems(facts(170_002, false, LedgerRight.ENOUGH, true), "mover", GuardMode.AUTO))
                .isEmpty();
    }

    @Test
    void anOldServerAndAReplicaAreProblemsOfTheHost() {
        assertThat(TargetRules.problems(facts(110_022, true, LedgerRight.ENOUGH, true), "mover", GuardMode.AUTO))
                .extracting(KeyProblem::key)
                .containsExactly("connection.host", "connection.host");
    }

    @Test
    void missingRightsAreProblemsOfTheRoleWithAStatementThatGrantsThem() {
        assertThat(TargetRules.problems(
                        facts(150_000, false, LedgerRight.NOT_CREATABLE, false), "Mover", GuardMode.REPLICA))
                .allSatisfy(problem -> {
                    assertThat(problem.key()).isEqualTo("connection.user");
                    assertThat(problem.message()).contains("to \"Mover\"");
                })
                .hasSize(2);
        assertThat(TargetRules.problems(facts(150_000, false, LedgerRight.NOT_WRITABLE, true), "mover", GuardMode.AUTO))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("in schema changeover to"));
    }

    /** Without the right to the replica role, what would act is set aside; only what cannot be is a problem. */
    @Test
    void whatCannotBeSetAsideIsAProblemIfItHasToBe() {
        TargetFacts weak = facts(150_000, false, LedgerRight.ENOUGH, false);
        TargetFacts strong = facts(150_000, false, LedgerRight.ENOUGH, true);

        assertThat(TargetRules.problems(weak, "mover", GuardMode.AUTO))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("CO-2050", "the trigger t of public.x"));
        assertThat(TargetRules.problems(strong, "mover", GuardMode.DDL)).hasSize(1);
        assertThat(TargetRules.problems(strong, "mover", GuardMode.AUTO)).isEmpty();
        assertThat(TargetRules.problems(weak, "mover", GuardMode.NONE)).isEmpty();
    }

    private static TargetFacts facts(int version, boolean replica, LedgerRight ledger, boolean maySilence) {
        return new TargetFacts(
                version, "text", "UTF8", replica, ledger, maySilence, List.of("the trigger t of public.x"));
    }
}
