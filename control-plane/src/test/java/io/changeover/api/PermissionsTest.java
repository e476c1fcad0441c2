package io.changeover.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.changeover.access.Permissions;
import io.changeover.access.Route;
import jakarta.ws.rs.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PermissionsTest {

    /** A route that somebody adds and gives no role would be answered to nobody; one that is gone is clutter. */
    @Test
    void everyRouteOfEveryResourceHasARoleAndNoOther() {
        assertThat(Permissions.all().keySet()).isEqualTo(routes());
    }

    private static Set<Route> routes() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.changeover").stream()
                        .filter(found -> found.isAnnotatedWith(Path.class))
                        .map(JavaClass::reflect)
                        .flatMap(resource -> Arrays.stream(resource.getDeclaredMethods()))
                        .flatMap(method -> RoleFilter.route(method).stream())
                        .collect(Collectors.toSet());
    }
}
