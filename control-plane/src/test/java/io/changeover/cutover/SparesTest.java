package io.changeover.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SparesTest {

    private final List<String> closed = new ArrayList<>();

    @Test
    void thoseOfTheTargetAreClosedAlsoIfTheWayToTheSourceIsCut() {
        Spares spares = new Spares(broken("source"), whole("target"), List.of(broken("reader 1"), whole("reader 2")));

        spares.close();

        assertThat(closed).containsExactly("source", "target", "reader 1", "reader 2");
    }

    private Connection whole(String name) {
        return connection(name, false);
    }

    /** As the driver's: it says that it could not close it properly. */
    private Connection broken(String name) {
        return connection(name, true);
    }

    private Connection connection(String name, boolean isBroken) {
        return (Connection) Proxy.newProxyInstance(
                SparesTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, arguments) -> {
                    if (!method.getName().equals("close")) {
                        throw new NoSuchMethodError(method.getName());
                    }
                    closed.add(name);
                    if (isBroken) {
                        throw new SQLException("Unable to close connection properly", "08006");
                    }
                    return null;
                });
    }
}
