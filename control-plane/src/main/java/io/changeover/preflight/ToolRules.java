package io.changeover.preflight;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks of the programs that copy definitions. */
final class ToolRules {

    static final List<String> PROGRAMS = List.of("pg_dump", "pg_restore", "psql");

    private static final int SYSTEM_ROOTS = 16;
    private static final String THIS_MACHINE = "this machine";

    private ToolRules() {}

    /**
     * Checks that the programs are there and new enough.
     *
     * @param tools what is on this machine
     * @param source the source server; empty if it could not be asked
     * @param request what is to be checked
     */
    static Stream<Finding> check(Tools tools, Optional<ServerFacts> source, PreflightRequest request) {
        return Stream.of(
                        PROGRAMS.stream().flatMap(program -> missing(program, tools, source)),
                        source.stream().flatMap(server -> pgDump(tools, server)),
                        pgRestore(tools),
                        verification(tools, request))
                .flatMap(found -> found);
    }

    private static Stream<Finding> missing(String program, Tools tools, Optional<ServerFacts> source) {
        String version =
                source.map(server -> " " + server.major() + " or later").orElse("");
        return Rule.when(
                !tools.majors().containsKey(program),
                FindingCode.PROGRAM_MISSING,
                THIS_MACHINE,
                "The program " + program + " is not on the PATH; definitions are copied with it.",
                "install the client programs of PostgreSQL" + version + " (Debian: postgresql-client)");
    }

    private static Stream<Finding> pgDump(Tools tools, ServerFacts source) {
        return major(tools, "pg_dump")
                .filter(major -> major < source.major())
                .map(major -> FindingCode.PG_DUMP_TOO_OLD.on(
                        THIS_MACHINE,
                        "pg_dump is version " + major + " and refuses the source, which is PostgreSQL "
                                + source.versionText() + ".",
                        "install the client programs of PostgreSQL " + source.major() + " or later"))
                .stream();
    }

    private static Stream<Finding> pgRestore(Tools tools) {
        return major(tools, "pg_restore")
                .filter(major -> major < major(tools, "pg_dump").orElse(0))
                .map(major -> FindingCode.PG_RESTORE_TOO_OLD.on(
                        THIS_MACHINE,
                        "pg_restore is version " + major + ", older than pg_dump, whose archives it may not read.",
                        "put pg_dump and pg_restore of one version first on the PATH"))
                .stream();
    }

    /** They do not know the JDK's trusted roots. */
    private static Stream<Finding> verification(Tools tools, PreflightRequest request) {
        return request.pairs().stream()
                .flatMap(pair -> Stream.of(pair.source(), pair.target()))
                .filter(server -> server.sslMode().startsWith("verify")
                        && server.sslRootCert().isEmpty())
                .filter(server -> !server.sslMode().equals("verify-full")
                        || major(tools, "pg_dump")
                                .filter(major -> major < SYSTEM_ROOTS)
                                .isPresent())
                .map(server -> FindingCode.PROGRAMS_CANNOT_VERIFY.on(
                        THIS_MACHINE,
                        "pg_dump and pg_restore have no trusted roots for " + server.host() + " with sslMode "
                                + server.sslMode() + ": they can use the system's from version " + SYSTEM_ROOTS
                                + " on, with verify-full.",
                        "sslRootCert in the migration file, or client programs of version " + SYSTEM_ROOTS
                                + " and verify-full"))
                .distinct();
    }

    private static Optional<Integer> major(Tools tools, String program) {
        return Optional.ofNullable(tools.majors().get(program));
    }
}
