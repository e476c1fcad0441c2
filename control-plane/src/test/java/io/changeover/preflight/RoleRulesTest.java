package io.changeover.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.roles.RoleNeeds;
import io.changeover.spec.RolesMode;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoleRulesTest {

    @Test
    void whoMayNotMakeRolesIsStoppedWhereOneIsMissing() {
        RoleNeeds needs = new RoleNeeds("co", false, List.of("a\"b"), List.of(), List.of());

        assertThat(RoleRules.check(needs, "target", RolesMode.COPY))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo("CO-1320");
                    assertThat(finding.message()).contains("\"a\"\"b\"");
                    assertThat(finding.fix()).isEqualTo("alter role \"co\" createrole;");
                });
        assertThat(RoleRules.check(needs, "target", RolesMode.LEAVE)).isEmpty();
    }

    @Test
    void rolesThatAreNeverMadeAreTold() {
        RoleNeeds needs = new RoleNeeds("co", true, List.of(), List.of("boss"), List.of());

        assertThat(codes(needs, RolesMode.COPY)).containsExactly("CO-1321");
        assertThat(codes(needs, RolesMode.LEAVE)).isEmpty();
    }

    @Test
    void aPolicyNeedsItsRoles() {
        RoleNeeds needs = new RoleNeeds("co", true, List.of("app"), List.of(), List.of("app"));
        RoleNeeds unmakable = new RoleNeeds("co", true, List.of(), List.of("boss"), List.of("boss"));

        assertThat(codes(needs, RolesMode.LEAVE)).containsExactly("CO-1322");
        assertThat(codes(needs, RolesMode.COPY)).isEmpty();
        assertThat(codes(unmakable, RolesMode.COPY)).containsExactly("CO-1321", "CO-1322");
    }

    private static List<String> codes(RoleNeeds needs, RolesMode mode) {
        return RoleRules.check(needs, "target", mode).map(Finding::code).toList();
    }
}
