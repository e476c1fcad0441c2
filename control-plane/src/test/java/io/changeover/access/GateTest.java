package io.changeover.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateTest {

    private static final String HERE = "192.0.2.1";
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

    private final NewToken anna = NewToken.of(new Caller("anna", Role.APPROVER));
    private final Gate gate = new Gate(List.of(anna.authenticator()), Clock.fixed(NOON, ZoneOffset.UTC));

    @Test
    void whoBringsAKnownTokenComesIn() {
        assertThat(ask("Bearer " + anna.token()))
                .isEqualTo(new Gate.Answer.Admitted(anna.line().caller()));
        assertThat(ask("bearer " + anna.token())).isInstanceOf(Gate.Answer.Admitted.class);
    }

    @Test
    void whoDoesNotIsToldWhatToBring() {
        Refusal none = refused(gate.ask(Optional.empty(), HERE, true));

        assertThat(none.status()).isEqualTo(401);
        assertThat(none.headers()).containsEntry("WWW-Authenticate", "Bearer realm=\"changeover\"");
        assertThat(refused(ask("Bearer co_wrong")).detail()).doesNotContain("co_wrong");
        assertThat(refused(ask("Basic " + anna.token())).status()).isEqualTo(401);
        assertThat(refused(ask("Bearer " + "x".repeat(10_000))).status()).isEqualTo(401);
    }

    @Test
    void withoutAnyAuthenticatorEverybodyComesIn() {
        Gate open = new Gate(List.of(), Clock.fixed(NOON, ZoneOffset.UTC));

        assertThat(open.ask(Optional.empty(), HERE, false)).isEqualTo(new Gate.Answer.Admitted(Caller.ANYBODY));
    }

    @Test
    void whereNobodyCanTellNobodyComesIn() {
        Gate broken = new Gate(
                List.of(token -> {
                    throw new AuthenticationUnavailable("the file /etc/tokens is gone");
                }),
                Clock.fixed(NOON, ZoneOffset.UTC));

        Refusal refusal = refused(broken.ask(Optional.of("Bearer x"), HERE, true));
        assertThat(refusal.status()).isEqualTo(503);
        assertThat(refusal.detail()).doesNotContain("/etc/tokens");
    }

    @Test
    void whoAsksTooOftenHasToWaitAndOthersHaveNot() {
        String token = "Bearer " + anna.token();
        int admitted = 0;
        while (gate.ask(Optional.of(token), HERE, false) instanceof Gate.Answer.Admitted) {
            admitted++;
        }
        Refusal refusal = refused(gate.ask(Optional.of(token), HERE, false));

        assertThat(admitted).isEqualTo(200);
        assertThat(refusal.status()).isEqualTo(429);
        assertThat(refusal.headers()).containsEntry("Retry-After", "1");
        assertThat(ask(token)).as("reads are counted apart").isInstanceOf(Gate.Answer.Admitted.class);
        assertThat(refused(gate.ask(Optional.empty(), HERE, false)).status()).isEqualTo(401);
    }

    @Test
    void whoIsUnknownAgainAndAgainHasToWaitButDoesNotShutOutWhoIsKnown() {
        while (refused(gate.ask(Optional.of("Bearer wrong"), HERE, true)).status() == 401) {
            // until it has had enough
        }

        assertThat(refused(gate.ask(Optional.of("Bearer wrong"), HERE, true)).status())
                .isEqualTo(429);
        assertThat(refused(gate.ask(Optional.of("Bearer wrong"), "192.0.2.2", true))
                        .status())
                .isEqualTo(401);
        assertThat(ask("Bearer " + anna.token())).isInstanceOf(Gate.Answer.Admitted.class);
    }

    @Test
    void permitsComeBackWithTime() {
        Instant[] now = {NOON};
        Clock clock = new Clock() {
            @Override
            public Instant instant() {
                return now[0];
            }

            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
        RateLimit limit = new RateLimit(clock, 2, 4);
        assertThat(limit.take("a")).isEmpty();
        assertThat(limit.take("a")).isEmpty();
        assertThat(limit.take("a")).contains(Duration.ofMillis(250));
        assertThat(limit.take("b")).isEmpty();

        now[0] = NOON.plusMillis(249);
        assertThat(limit.take("a")).isPresent();
        now[0] = NOON.plusMillis(250);
        assertThat(limit.take("a")).isEmpty();
        now[0] = NOON.minusSeconds(3600);
        assertThat(limit.take("a")).as("a clock that was set back").isPresent();
        now[0] = NOON.plusSeconds(3600);
        assertThat(limit.take("a")).isEmpty();
        assertThat(limit.take("a")).isEmpty();
        assertThat(limit.take("a")).as("never more than the burst").isPresent();
    }

    private Gate.Answer ask(String authorization) {
        return gate.ask(Optional.of(authorization), HERE, true);
    }

    private static Refusal refused(Gate.Answer answer) {
        assertThat(answer).isInstanceOf(Gate.Answer.Refused.class);
        return ((Gate.Answer.Refused) answer).refusal();
    }
}
