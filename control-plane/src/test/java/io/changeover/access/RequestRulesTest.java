package io.changeover.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRulesTest {

    private final RequestRules rules = new RequestRules(new HostNames("127.0.0.1", Set.of("Changeover.example")));

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8090", "localhost:8090", "LOCALHOST", "[::1]:8090", "changeover.example:443"})
    void ownNamesAreAnswered(String host) {
        assertThat(status(rules, get(host))).isZero();
    }

    /** A name of a stranger that leads here, an address that is not ours, none at all. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example:8090",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "10.0.0.5:8090",
                "[::2]:8090",
                ""
            })
    void otherNamesAreMisdirected(String host) {
        assertThat(status(rules, get(host))).isEqualTo(421);
    }

    @Test
    void onAllAddressesEveryAddressIsOwnButNoName() {
        RequestRules everywhere = new RequestRules(new HostNames("0.0.0.0", Set.of()));

        assertThat(status(everywhere, get("10.0.0.5:8090"))).isZero();
        assertThat(status(everywhere, get("[fd00::5]:8090"))).isZero();
        assertThat(status(everywhere, get("evil.example:8090"))).isEqualTo(421);
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8090, 0",
        "https://127.0.0.1:8090, 403",
        "http://127.0.0.1:8091, 403",
        "http://localhost:8090, 403",
        "http://evil.example, 403",
        "null, 403"
    })
    void pagesOfOtherSitesAreNotAnswered(String origin, int status) {
        RequestShape request = new RequestShape(
                "http", "POST", Optional.of("127.0.0.1:8090"), Optional.of(origin), Optional.empty(), -1, false);

        assertThat(status(rules, request)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, application/json, 10, 0",
        "POST, application/json; charset=utf-8, 10, 0",
        "PUT, APPLICATION/JSON, 0, 0",
        "PUT, , 0, 0",
        "PUT, , -1, 0",
        "GET, text/plain, 0, 0",
        "POST, , 10, 415",
        "POST, text/plain, 10, 415",
        "POST, application/x-www-form-urlencoded, 10, 415",
        "POST, multipart/form-data; boundary=x, 10, 415",
        "DELETE, text/plain, 0, 415",
        "POST, application/json, 1048576, 0",
        "POST, application/json, 1048577, 413"
    })
    void aBodyIsJsonAndSmall(String method, String type, long length, int status) {
        RequestShape request = new RequestShape(
                "http", method, Optional.of("localhost"), Optional.empty(), Optional.ofNullable(type), length, false);

        assertThat(status(rules, request)).isEqualTo(status);
    }

    @Test
    void aBodyOfUntoldLengthIsNotRead() {
        RequestShape request = new RequestShape(
                "http", "POST", Optional.of("localhost"), Optional.empty(), Optional.of("application/json"), -1, true);

        assertThat(status(rules, request)).isEqualTo(411);
    }

    private static RequestShape get(String host) {
        return new RequestShape(
                "http",
                "GET",
                Optional.of(host).filter(each -> !each.isEmpty()),
                Optional.empty(),
                Optional.empty(),
                -1,
                false);
    }

    private static int status(RequestRules rules, RequestShape request) {
        return rules.refusal(request).map(Refusal::status).orElse(0);
    }
}
