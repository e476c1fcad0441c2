package io.changeover.access;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;
import java.util.Set;

/** The role that each route of the API needs. A route that is not in the table is answered to nobody. */
public final class Permissions {

    /** What tells a load balancer that the control plane is there, and nothing else. */
    private static final Set<String> OPEN = Set.of("/api/v1/health", "/api/v1/health/live", "/api/v1/health/ready");

    private static final String TABLE = """
            viewer   GET    /api/v1
            viewer   GET    /api/v1/health
            viewer   GET    /api/v1/health/live
            viewer   GET    /api/v1/health/ready
            viewer   GET    /metrics
            viewer   GET    /metrics/tables
            viewer   GET    /api/v1/openapi.yaml
            viewer   GET    /api/v1/openapi.json
            viewer   GET    /api/v1/events
            viewer   GET    /api/v1/operations/{operation}
            viewer   GET    /api/v1/migrations
            operator POST   /api/v1/migrations
            viewer   GET    /api/v1/migrations/{migration}
            operator PUT    /api/v1/migrations/{migration}
            operator DELETE /api/v1/migrations/{migration}
            viewer   GET    /api/v1/migrations/{migration}/audit
            viewer   GET    /api/v1/migrations/{migration}/preflight
            viewer   GET    /api/v1/migrations/{migration}/report
            operator POST   /api/v1/migrations/{migration}/preflight
            operator PUT    /api/v1/migrations/{migration}/start
            operator PUT    /api/v1/migrations/{migration}/pause
            operator PUT    /api/v1/migrations/{migration}/stop
            operator PUT    /api/v1/migrations/{migration}/resume
            approver POST   /api/v1/migrations/{migration}/cutover
            operator PUT    /api/v1/migrations/{migration}/abort
            approver POST   /api/v1/migrations/{migration}/cancel
            approver POST   /api/v1/migrations/{migration}/finish
            viewer   GET    /api/v1/migrations/{migration}/databases/{database}
            viewer   GET    /api/v1/migrations/{migration}/databases/{database}/tables
            viewer   GET    /api/v1/migrations/{migration}/databases/{database}/schema-report
            viewer   GET    /api/v1/migrations/{migration}/databases/{database}/ddl
            operator POST   /api/v1/migrations/{migration}/databases/{database}/ddl
            viewer   GET    /api/v1/migrations/{migration}/databases/{database}/verification
            operator POST   /api/v1/migrations/{migration}/databases/{database}/verification
            operator PUT    /api/v1/migrations/{migration}/databases/{database}/load
            operator POST   /api/v1/migrations/{migration}/databases/{database}/tables/{table}/reload
            operator PUT    /api/v1/migrations/{migration}/databases/{database}/start
            operator PUT    /api/v1/migrations/{migration}/databases/{database}/pause
            operator PUT    /api/v1/migrations/{migration}/databases/{database}/stop
            operator PUT    /api/v1/migrations/{migration}/databases/{database}/resume
            viewer   GET    /api/v1/migrations/{migration}/databases/{database}/gates
            operator POST   /api/v1/migrations/{migration}/databases/{database}/rehearse
            approver POST   /api/v1/migrations/{migration}/databases/{database}/cutover
            operator PUT    /api/v1/migrations/{migration}/databases/{database}/abort
            approver POST   /api/v1/migrations/{migration}/databases/{database}/rollback
            approver POST   /api/v1/migrations/{migration}/databases/{database}/cancel
            approver POST   /api/v1/migrations/{migration}/databases/{database}/finish
            """;

    private static final Map<Route, Role> ROLES = roles();

    private Permissions() {}

    private static Map<Route, Role> roles() {
        Map<Route, Role> roles = new HashMap<>();
        TABLE.lines().forEach(line -> {
            Scanner words = new Scanner(line);
            Role role = Role.parse(words.next()).orElseThrow();
            Route route = new Route(words.next(), words.next());
            if (roles.put(route, role) != null) {
                throw new IllegalStateException("Twice in the table: " + route);
            }
        });
        return Map.copyOf(roles);
    }

    /** The role that a route needs; empty if nobody has said. */
    public static Optional<Role> needed(Route route) {
        return Optional.ofNullable(ROLES.get(route));
    }

    /** All routes and their roles. */
    public static Map<Route, Role> all() {
        return ROLES;
    }

    /** Whether a path is answered to those who do not say who they are. */
    public static boolean isOpen(String method, String path) {
        return (method.equals("GET") || method.equals("HEAD")) && OPEN.contains(path);
    }
}
