package io.changeover.sink.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.sink.config.KeyProblem;
import io.changeover.sink.validation.TargetFacts.LedgerRight;
import org.junit.jupiter.api.Test;

class TargetRulesTest {

    @Test
    void anOrdinaryTargetIsFine() {
        assertThat(TargetRules.problems(facts(170_002, false, LedgerRight.ENOUGH, true), "mover"))
                .isEmpty();
    }

    @Test
    void anOldServerAndAReplicaAreProblemsOfTheHost() {
        assertThat(TargetRules.problems(facts(110_022, true, LedgerRight.ENOUGH, true), "mover"))
                .extracting(KeyProblem::key)
                .containsExactly("connection.host", "connection.host");
    }

    @Test
    void missingRightsAreProblemsOfTheRoleWithAStatementThatGrantsThem() {
        assertThat(TargetRules.problems(facts(150_000, false, LedgerRight.NOT_CREATABLE, false), "Mover"))
                .allSatisfy(problem -> {
                    assertThat(problem.key()).isEqualTo("connection.user");
                    assertThat(problem.message()).contains("to \"Mover\"");
                })
                .hasSize(2);
        assertThat(TargetRules.problems(facts(150_000, false, LedgerRight.NOT_WRITABLE, true), "mover"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("in schema changeover to"));
    }

    private static TargetFacts facts(int version, boolean replica, LedgerRight ledger, boolean maySilence) {
        return new TargetFacts(version, "text", "UTF8", replica, ledger, maySilence);
    }
}
