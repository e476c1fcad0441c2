package io.changeover.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.preflight.PreflightRequest.Pair;
import io.changeover.preflight.ServerFacts.RoleFacts;
import io.changeover.preflight.SourceServerFacts.OpenTransaction;
import io.changeover.preflight.TargetFacts.Extensions;
import io.changeover.preflight.TargetFacts.TargetTable;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.RolesMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.TableSelection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The decisions that no pair of local servers shows: other providers, other versions, counts and bounds. */
class RulesTest {

    private static final SourceFacts.LargeObjectFacts NO_OBJECTS = new SourceFacts.LargeObjectFacts(0, 0, 0);

    private static final SourceFacts.SelectionFacts NOTHING_LEFT_OUT =
            new SourceFacts.SelectionFacts(List.of(), List.of(), List.of(), List.of());

    static final SessionFacts SESSIONS = new SessionFacts(100, 90, 6400, false, false);

    static final ContentFacts PLAIN = new ContentFacts(
            0, "c C C", false, Set.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    static final TargetState READY = new TargetState(SESSIONS, "c C C", true, Set.of(), List.of(), List.of());

    private static final RoleFacts STRONG = new RoleFacts("co", true, true, true, true);
    private static final RoleFacts WEAK = new RoleFacts("co", false, true, true, true);

    @Test
    void aServerBeforeNineSixStopsAllOtherChecks() {
        assertThat(SourceServerRules.tooOld(server(Provider.OTHER, 90525, STRONG)))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("PostgreSQL 9.5.25"));
        assertThat(SourceServerRules.tooOld(server(Provider.OTHER, 90600, STRONG)))
                .isEmpty();
    }

    @Test
    void aServerBeforeElevenHasNoTruncateInItsStream() {
        assertThat(codes(source(server(Provider.OTHER, 100023, STRONG), "logical", 0)))
                .containsExactly("CO-1111");
        assertThat(codes(source(server(Provider.OTHER, 110000, STRONG), "logical", 0)))
                .isEmpty();
    }

    @Test
    void aServerBeforeFourteenNeedsATableForMarkers() {
        assertThat(codes(noMarkers(server(Provider.OTHER, 130018, STRONG)))).containsExactly("CO-1213");
        assertThat(codes(noMarkers(server(Provider.OTHER, 140000, STRONG)))).isEmpty();
    }

    @Test
    void anEventTriggerNeedsARightThatRdsGives() {
        for (Provider provider : Provider.values()) {
            assertThat(Rule.checkAll(
                                    SourceRules.ALL,
                                    noEventTriggers(server(provider, 160000, STRONG)),
                                    request(SchemaMode.COPY, false, "a").withEventTrigger())
                            .filter(finding -> finding.code().equals("CO-1226")))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.fix())
                            .startsWith(
                                    provider == Provider.RDS
                                            ? "grant \"rds_superuser\" to \"co\";"
                                            : "alter role \"co\" superuser;"));
        }
        assertThat(codes(noEventTriggers(server(Provider.OTHER, 160000, STRONG))))
                .isEmpty();
    }

    @Test
    void theFixForTheWalLevelIsTheProviders() {
        assertThat(fix(source(server(Provider.RDS, 160000, STRONG), "replica", 0)))
                .contains("rds.logical_replication = 1");
        assertThat(fix(source(server(Provider.OTHER, 160000, STRONG), "minimal", 0)))
                .contains("alter system set wal_level");
    }

    @Test
    void theFixForReplicationIsTheProviders() {
        assertThat(fix(source(server(Provider.RDS, 160000, WEAK), "logical", 0)))
                .isEqualTo("grant rds_replication to \"co\";");
        assertThat(fix(source(server(Provider.OTHER, 160000, WEAK), "logical", 0)))
                .isEqualTo("alter role \"co\" with replication;");
    }

    @Test
    void everyDatabaseNeedsASlotAndAWalSender() {
        ServerFacts server = server(Provider.OTHER, 160000, STRONG);

        assertThat(codes(source(server, "logical", 8), "a", "b")).isEmpty();
        assertThat(codes(source(server, "logical", 9), "a", "b")).containsExactly("CO-1105", "CO-1106");
        assertThat(codes(source(server, "logical", 9), "slot0", "b")).isEmpty();
    }

    @Test
    void aTransactionIsLongFromTenMinutesOn() {
        ServerFacts server = server(Provider.OTHER, 160000, STRONG);

        assertThat(codes(open(server, Duration.ofSeconds(599)))).isEmpty();
        assertThat(codes(open(server, Duration.ofSeconds(600)))).containsExactly("CO-1109");
    }

    @Test
    void theTargetIsNotOlderThanTheSource() {
        ServerFacts source = server(Provider.OTHER, 160009, STRONG);

        assertThat(codes(pair(source, target(server(Provider.OTHER, 150013, STRONG), true), List.of())))
                .containsExactly("CO-1301");
        assertThat(codes(pair(source, target(server(Provider.OTHER, 160001, STRONG), true), List.of())))
                .isEmpty();
    }

    @Test
    void theFixForSilencedTriggersIsTheProvidersAndTheVersions() {
        ServerFacts source = server(Provider.OTHER, 120000, STRONG);

        assertThat(fix(pair(source, target(server(Provider.OTHER, 150000, STRONG), false), List.of())))
                .isEqualTo("as a superuser: grant set on parameter session_replication_role to \"co\";");
        assertThat(fix(pair(source, target(server(Provider.OTHER, 140000, STRONG), false), List.of())))
                .contains("connect as a superuser");
        assertThat(fix(pair(source, target(server(Provider.AZURE, 160000, STRONG), false), List.of())))
                .contains("azure_pg_admin", "with replication");
    }

    @Test
    void aRoleThatDoesNotInheritNeedsMoreThanAMembership() {
        RoleFacts noInherit = new RoleFacts("co", true, false, true, false);

        assertThat(fix(source(server(Provider.OTHER, 150000, noInherit), "logical", 0)))
                .isEqualTo("alter role \"co\" inherit; grant \"pg_signal_backend\" to \"co\";");
        assertThat(fix(source(server(Provider.OTHER, 160000, noInherit), "logical", 0)))
                .isEqualTo("grant \"pg_signal_backend\" to \"co\" with inherit true;");
        assertThat(server(Provider.OTHER, 160000, STRONG).grant("o\"w")).isEqualTo("grant \"o\"\"w\" to \"co\";");
    }

    @Test
    void anExtensionHasToBeAvailableAndAllowed() {
        ServerFacts server = server(Provider.AZURE, 160000, STRONG);
        Extensions extensions = new Extensions(
                Set.of("hstore", "postgis", "citext"), Set.of("citext"), Optional.of(Set.of("hstore", "aws_s3")));
        TargetFacts target =
                new TargetFacts(server, database("UTF8"), Map.of(), extensions, true, false, 0, READY, GuardFacts.FREE);

        List<Finding> found = PairRules.ALL.stream()
                .flatMap(rule -> rule.check(
                        pair(server, target, List.of("hstore", "citext", "postgis", "aws_s3")),
                        request(SchemaMode.COPY, false, "a")))
                .toList();

        assertThat(found).extracting(Finding::code).containsExactly("CO-1310", "CO-1310");
        assertThat(found.get(0).fix()).isEqualTo("add postgis to the server parameter azure.extensions");
        assertThat(found.get(1).message()).endsWith("the target server does not have.");
    }

    @Test
    void aTargetThatIsResumedIsNotEmptyAndThatIsRight() {
        ServerFacts server = server(Provider.OTHER, 160000, STRONG);
        TargetFacts target = new TargetFacts(
                server,
                database("UTF8"),
                Map.of(new TableName("public", "t"), new TargetTable(Set.of("id"), true, false, false)),
                new Extensions(Set.of(), Set.of(), Optional.empty()),
                true,
                true,
                0,
                READY,
                GuardFacts.FREE);
        PairFacts pair = pair(server, target, List.of());

        assertThat(codes(PairRules.ALL, pair, request(SchemaMode.COPY, false, "a")))
                .containsExactly("CO-1304");
        assertThat(codes(PairRules.ALL, pair, request(SchemaMode.COPY, true, "a")))
                .isEmpty();
    }

    @Test
    void anotherEncodingIsWarnedOfUnlessTheTargetsIsUtf8() {
        ServerFacts server = server(Provider.OTHER, 160000, STRONG);
        Extensions none = new Extensions(Set.of(), Set.of(), Optional.empty());

        assertThat(codes(pair(
                        server,
                        new TargetFacts(
                                server, database("LATIN1"), Map.of(), none, true, false, 0, READY, GuardFacts.FREE),
                        List.of())))
                .containsExactly("CO-1309");
    }

    @Test
    void twoDatabasesCannotGoToOneTarget() {
        assertThat(LeftoverRules.targets(request(SchemaMode.COPY, false, "a", "b")))
                .extracting(Finding::code)
                .containsExactly("CO-1008");
    }

    @Test
    void programsHaveToBeThereAndNewEnough() {
        PreflightRequest any = request(SchemaMode.COPY, false);
        Optional<ServerFacts> source = Optional.of(server(Provider.OTHER, 160000, STRONG));

        assertThat(ToolRules.check(new Tools(Map.of("pg_dump", 17, "pg_restore", 17, "psql", 12)), source, any))
                .isEmpty();
        assertThat(ToolRules.check(new Tools(Map.of("pg_dump", 15, "pg_restore", 14)), source, any))
                .extracting(Finding::code)
                .containsExactly("CO-1401", "CO-1402", "CO-1403");
        assertThat(ToolRules.check(new Tools(Map.of()), Optional.empty(), any)).hasSize(3);
        assertThat(Tools.major("pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"))
                .contains(15);
        assertThat(Tools.major("pg_dump (PostgreSQL) 18beta1\n")).contains(18);
    }

    @Test
    void programsNeedTrustedRootsOfTheirOwn() {
        assertThat(verification("verify-full", Optional.empty(), 15)).containsExactly("CO-1404");
        assertThat(verification("verify-full", Optional.empty(), 16)).isEmpty();
        assertThat(verification("verify-ca", Optional.empty(), 17)).containsExactly("CO-1404");
        assertThat(verification("verify-ca", Optional.of("/roots.pem"), 15)).isEmpty();
        assertThat(verification("require", Optional.empty(), 15)).isEmpty();
    }

    private static List<String> verification(String sslMode, Optional<String> roots, int major) {
        ServerSettings settings = new ServerSettings("pg", 5432, "shop", "co", "s3cret", sslMode, roots);
        PreflightRequest request = new PreflightRequest(
                List.of(new Pair(settings, settings, "a", "a", TableSelection.ALL)),
                SchemaMode.COPY,
                ReplicaIdentityMode.KEEP,
                false);
        Tools tools = new Tools(Map.of("pg_dump", major, "pg_restore", major, "psql", major));
        return ToolRules.check(tools, Optional.empty(), request)
                .map(Finding::code)
                .toList();
    }

    @Test
    void moreTablesThanLocksAreTooMany() {
        assertThat(locks(0)).containsExactly("CO-1221");
        assertThat(locks(1)).isEmpty();
    }

    private static List<String> locks(long room) {
        SourceFacts.SourceTable table = new SourceFacts.SourceTable(
                new TableName("public", "t"),
                SourceFacts.Kind.PLAIN,
                false,
                "co",
                true,
                true,
                false,
                false,
                Optional.empty(),
                SourceFacts.Portion.WHOLE,
                List.of("id"));
        return codes(new SourceFacts(
                server(Provider.OTHER, 160000, STRONG),
                database("UTF8"),
                List.of(table),
                List.of(),
                List.of(),
                List.of(),
                NO_OBJECTS,
                List.of(),
                NOTHING_LEFT_OUT,
                PLAIN,
                room,
                true,
                true));
    }

    @Test
    void theCloudsHaveCommandsOfTheirOwn() {
        ServerFacts rds = new ServerFacts(
                "server",
                "shop.c1a2.eu-central-1.rds.amazonaws.com",
                Provider.RDS,
                160000,
                false,
                Duration.ZERO,
                STRONG);
        ServerFacts aurora = new ServerFacts(
                "server",
                "shop.cluster-c1a2.eu-central-1.rds.amazonaws.com",
                Provider.RDS,
                160000,
                false,
                Duration.ZERO,
                STRONG);
        ServerFacts azure = new ServerFacts(
                "server", "shop.postgres.database.azure.com", Provider.AZURE, 160000, false, Duration.ZERO, STRONG);

        assertThat(lines(source(rds, "replica", 0)))
                .containsExactly(
                        "aws rds modify-db-parameter-group --db-parameter-group-name <parameter-group> --parameters"
                                + " \"ParameterName=rds.logical_replication,ParameterValue=1,ApplyMethod=pending-reboot\"",
                        "aws rds reboot-db-instance --db-instance-identifier shop");
        assertThat(lines(source(aurora, "replica", 0)).get(0)).startsWith("aws rds modify-db-cluster-parameter-group");
        assertThat(lines(source(azure, "replica", 0)).get(0))
                .isEqualTo("az postgres flexible-server parameter set --resource-group <resource-group> --server-name"
                        + " shop --name wal_level --value \"logical\"");
    }

    private static List<String> lines(SourceServerFacts facts) {
        return Rule.checkAll(SourceServerRules.ALL, facts, request(SchemaMode.COPY, false, "a"))
                .findFirst()
                .orElseThrow()
                .commands()
                .stream()
                .map(FixCommand::line)
                .toList();
    }

    @Test
    void codesAreUnique() {
        assertThat(Arrays.stream(FindingCode.values()).map(FindingCode::code)).doesNotHaveDuplicates();
    }

    @Test
    void everyCodeIsInTheManualWithItsSeverityAndNoOther() throws IOException {
        String manual = Files.readString(Path.of("..", "docs", "preflight.md"));

        assertThat(Pattern.compile("^\\| (CO-1[0-9]{3}) \\| ([A-Z]+) \\|", Pattern.MULTILINE)
                        .matcher(manual)
                        .results()
                        .map(row -> row.group(1) + " " + row.group(2)))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(FindingCode.values())
                        .map(code -> code.code() + " " + code.severity())
                        .toList());
    }

    @Test
    void manyNamesAreCutShort() {
        List<String> names = IntStream.range(0, 23).mapToObj(i -> "t" + i).toList();

        assertThat(Phrases.some(names)).endsWith("t19 and 3 more");
    }

    @Test
    void theTextPutsWhatBlocksFirstAndKeepsTheTerminalSafe() {
        Finding warning = FindingCode.LARGE_OBJECTS.on("source database a", "Holds 3.", "copy them");
        Finding block = FindingCode.NO_REPLICA_IDENTITY.on("table \u001b[2Jx", "No key.", "alter table …");

        assertThat(FindingsText.render(List.of(warning, block))).isEqualTo("""
                        BLOCKS   CO-1203  table ?[2Jx
                                 No key.
                                 Fix: alter table …

                        WARNS    CO-1209  source database a
                                 Holds 3.
                                 Fix: copy them

                        1 BLOCKS, 1 WARNS, 0 INFORMS
                        """);
    }

    private static ServerFacts server(Provider provider, int version, RoleFacts role) {
        return new ServerFacts("server pg:5432", "pg", provider, version, false, Duration.ZERO, role);
    }

    /** Of ten slots and ten WAL senders so many are in use. */
    @Test
    void aTargetThatIsToBeFollowedIsCapturedAndFencedAsASourceIs() {
        PreflightRequest request = new PreflightRequest(
                List.of(
                        new Pair(settings("a"), settings("a"), "slot", "publication", TableSelection.ALL),
                        new Pair(settings("b"), settings("b"), "slot", "publication", TableSelection.ALL)),
                SchemaMode.COPY,
                ReplicaIdentityMode.KEEP,
                false,
                RolesMode.LEAVE,
                false,
                Optional.empty(),
                true);
        DatabaseFacts ours = new DatabaseFacts("a", "target database a", "UTF8", "co", true, true);
        DatabaseFacts theirs = new DatabaseFacts("a", "target database a", "UTF8", "owner", false, true);
        ServerFacts strong = server(Provider.OTHER, 170000, STRONG);
        ServerFacts weak = server(Provider.OTHER, 170000, new RoleFacts("co", false, false, true, true));

        assertThat(FallbackRules.check(source(strong, "logical", 8), ours, request))
                .isEmpty();
        assertThat(FallbackRules.check(source(strong, "logical", 9), ours, request))
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("1 and 1 are free, and 2 needed"));
        assertThat(FallbackRules.check(source(weak, "replica", 0), theirs, request))
                .extracting(Finding::code)
                .containsExactly("CO-1601", "CO-1601", "CO-1601", "CO-1601");
    }

    private static ServerSettings settings(String database) {
        return new ServerSettings("localhost", 5432, database, "co", "", "disable", Optional.empty());
    }

    private static SourceServerFacts source(ServerFacts server, String walLevel, int used) {
        List<String> slots = IntStream.range(0, used).mapToObj(i -> "slot" + i).toList();
        return new SourceServerFacts(
                server, walLevel, 10, slots, 10, used, Optional.empty(), SESSIONS, List.of(), List.of());
    }

    private static SourceServerFacts open(ServerFacts server, Duration age) {
        return new SourceServerFacts(
                server,
                "logical",
                10,
                List.of(),
                10,
                0,
                Optional.empty(),
                SESSIONS,
                List.of(),
                List.of(new OpenTransaction(7, "app", "shop", age)));
    }

    private static TargetFacts target(ServerFacts server, boolean silencesTriggers) {
        Extensions none = new Extensions(Set.of(), Set.of(), Optional.empty());
        return new TargetFacts(
                server, database("UTF8"), Map.of(), none, silencesTriggers, false, 0, READY, GuardFacts.FREE);
    }

    private static PairFacts pair(ServerFacts source, TargetFacts target, List<String> extensions) {
        return new PairFacts(
                new SourceFacts(
                        source,
                        database("SQL_ASCII"),
                        List.of(),
                        List.of(),
                        List.of(),
                        extensions,
                        NO_OBJECTS,
                        List.of(),
                        NOTHING_LEFT_OUT,
                        PLAIN,
                        6400,
                        true,
                        true),
                target);
    }

    private static SourceFacts noMarkers(ServerFacts server) {
        return rights(server, false, true);
    }

    private static SourceFacts noEventTriggers(ServerFacts server) {
        return rights(server, true, false);
    }

    private static SourceFacts rights(ServerFacts server, boolean marks, boolean eventTriggers) {
        return new SourceFacts(
                server,
                database("UTF8"),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                NO_OBJECTS,
                List.of(),
                NOTHING_LEFT_OUT,
                PLAIN,
                6400,
                marks,
                eventTriggers);
    }

    private static DatabaseFacts database(String encoding) {
        return new DatabaseFacts("shop", "database shop", encoding, "co", true, true);
    }

    private static PreflightRequest request(SchemaMode schema, boolean resume, String... slots) {
        ServerSettings settings = new ServerSettings("pg", 5432, "shop", "co", "s3cret", "require", Optional.empty());
        return new PreflightRequest(
                Arrays.stream(slots)
                        .map(slot -> new Pair(settings, settings, slot, slot, TableSelection.ALL))
                        .toList(),
                schema,
                ReplicaIdentityMode.KEEP,
                resume);
    }

    private static List<String> codes(SourceServerFacts facts, String... slots) {
        return codes(
                SourceServerRules.ALL,
                facts,
                request(SchemaMode.COPY, false, slots.length == 0 ? new String[] {"a"} : slots));
    }

    private static List<String> codes(SourceFacts facts) {
        return codes(SourceRules.ALL, facts, request(SchemaMode.COPY, false, "a"));
    }

    private static List<String> codes(PairFacts facts) {
        return codes(PairRules.ALL, facts, request(SchemaMode.COPY, false, "a"));
    }

    private static <F> List<String> codes(List<Rule<F>> rules, F facts, PreflightRequest request) {
        return Rule.checkAll(rules, facts, request)
                .map(Finding::code)
                .filter(code -> !code.equals("CO-1223")) // always said
                .toList();
    }

    private static String fix(SourceServerFacts facts) {
        return Rule.checkAll(SourceServerRules.ALL, facts, request(SchemaMode.COPY, false, "a"))
                .findFirst()
                .orElseThrow()
                .fix();
    }

    private static String fix(PairFacts facts) {
        return Rule.checkAll(PairRules.ALL, facts, request(SchemaMode.COPY, false, "a"))
                .findFirst()
                .orElseThrow()
                .fix();
    }
}
