package io.changeover.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ListenRuleTest {

    @Test
    void onThisMachineAnythingGoes() {
        assertThat(ListenRule.problem("127.0.0.1", true, false, false, false)).isEmpty();
    }

    @Test
    void elsewhereCallersHaveToSayWhoTheyAre() {
        assertThat(ListenRule.problem("0.0.0.0", false, false, true, true))
                .hasValueSatisfying(problem -> assertThat(problem).contains("--tokens"));
    }

    @Test
    void elsewhereItIsEncryptedUnlessSomebodySaysOtherwise() {
        assertThat(ListenRule.problem("0.0.0.0", false, true, false, false))
                .hasValueSatisfying(problem -> assertThat(problem).contains("--tls-cert", "--plain-http"));
        assertThat(ListenRule.problem("0.0.0.0", false, true, true, false)).isEmpty();
        assertThat(ListenRule.problem("0.0.0.0", false, true, false, true)).isEmpty();
    }
}
