package io.changeover.spec;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The checks that a migration file and a request body share. */
final class SpecReader {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][-a-z0-9]{0,39}");
    private static final Pattern BOOTSTRAP = Pattern.compile("[^\\s,/:]+:[0-9]{1,5}(,\\s*[^\\s,/:]+:[0-9]{1,5})*");

    private final Problems problems;
    private final Function<String, Optional<String>> secrets;

    /**
     * A reader for one document.
     *
     * @param problems takes what is wrong
     * @param secrets says why a password cannot be found, or nothing
     */
    SpecReader(Problems problems, Function<String, Optional<String>> secrets) {
        this.problems = problems;
        this.secrets = secrets;
    }

    String name(Fields fields) {
        return fields.text(
                "name",
                name -> NAME.matcher(name).matches()
                        ? Optional.empty()
                        : Optional.of("must be 1 to 40 of a-z, 0-9 and -, and not begin with -"));
    }

    /** Everything but the name and the cluster, which stand elsewhere in a file than in a request. */
    MigrationSpec spec(String name, Fields fields, Optional<ClusterSpec> cluster) {
        ServerSpec source = server(fields, "source");
        ServerSpec target = server(fields, "target");
        List<DatabasePair> databases = databases(fields, source, target);
        SchemaMode schema = fields.word("schema", SchemaMode.class, SchemaMode.COPY);
        RolesMode roles = fields.word("roles", RolesMode.class, RolesMode.LEAVE);
        if (roles == RolesMode.COPY && schema == SchemaMode.EXISTING) {
            problems.add(fields.place("roles"), "needs 'schema: copy': rights are granted on what Changeover makes");
        }
        ReplicaIdentityMode replicaIdentity =
                fields.word("replicaIdentity", ReplicaIdentityMode.class, ReplicaIdentityMode.KEEP);
        CutoverSpec cutover = fields.has("cutover")
                ? cutover(fields.child(
                        "cutover", "mode", "drainTimeout", "maxFreeze", "fence", "idleFor", "transactionAge"))
                : CutoverSpec.DEFAULT;
        LoadSpec load = fields.has("load")
                ? load(fields.child("load", "mode", "readers", "bytesPerSecond", "existingIndexes"))
                : LoadSpec.DEFAULT;
        VerificationSpec verification = fields.has("verification")
                ? verification(fields.child("verification", "mode", "parallelism", "dutyPercent", "every"))
                : VerificationSpec.DEFAULT;
        DdlSpec ddl = fields.has("ddl")
                ? new DdlSpec(fields.child("ddl", "eventTrigger").flag("eventTrigger", DdlSpec.DEFAULT.eventTrigger()))
                : DdlSpec.DEFAULT;
        return new MigrationSpec(
                name,
                source,
                target,
                databases,
                schema,
                roles,
                replicaIdentity,
                load,
                cutover,
                verification,
                ddl,
                fallback(fields),
                new HookReader(problems, secrets).hooks(fields),
                cluster);
    }

    private static FallbackSpec fallback(Fields fields) {
        return fields.has("fallback")
                ? new FallbackSpec(fields.child("fallback", "enabled").flag("enabled", false))
                : FallbackSpec.NONE;
    }

    private ServerSpec server(Fields fields, String key) {
        Fields server = fields.child(key, "host", "port", "user", "password", "sslMode", "sslRootCert");
        String host = server.text("host", Hosts::check);
        SslMode fallback = Hosts.isLoopback(host) ? SslMode.DISABLE : SslMode.VERIFY_FULL;
        return new ServerSpec(
                host,
                server.number("port", 1, 65535),
                server.text("user", Fields.ANY),
                server.text("password", this::password),
                server.word("sslMode", SslMode.class, fallback),
                server.optionalText("sslRootCert", Fields.ANY));
    }

    private Optional<String> password(String password) {
        return SecretReference.isMixed(password)
                ? Optional.of("must be one reference, or a password without one: the two cannot be mixed")
                : secrets.apply(password);
    }

    private List<DatabasePair> databases(Fields fields, ServerSpec source, ServerSpec target) {
        List<DatabasePair> pairs = new ArrayList<>();
        Set<String> sources = new HashSet<>();
        Set<String> targets = new HashSet<>();
        for (Fields item : fields.children("databases", "source", "target", "tables")) {
            String from = item.text("source", Fields.ANY);
            String to = item.optionalText("target", Fields.ANY).orElse(from);
            if (!from.isEmpty() && !sources.add(from)) {
                problems.add(item.place("source"), "the database " + from + " is listed twice");
            }
            if (!to.isEmpty() && !targets.add(to)) {
                problems.add(item.place(item.has("target") ? "target" : "source"), "two databases go to " + to);
            }
            if (!to.isEmpty() && to.equals(from) && isSame(source, target)) {
                problems.add(item.place(), "source and target are the same database");
            }
            pairs.add(new DatabasePair(from, to, tables(item)));
        }
        return pairs;
    }

    private static TableSelection tables(Fields item) {
        if (!item.has("tables")) {
            return TableSelection.ALL;
        }
        Fields tables = item.child("tables", "include", "exclude", "structureOnly", "rowsOnly");
        return new TableSelection(
                tables.texts("include", TablePattern::problem),
                tables.texts("exclude", TablePattern::problem),
                tables.texts("structureOnly", TablePattern::problem),
                tables.texts("rowsOnly", TablePattern::problem));
    }

    private static boolean isSame(ServerSpec source, ServerSpec target) {
        return !source.host().isEmpty()
                && source.host().equalsIgnoreCase(target.host())
                && source.port() == target.port();
    }

    private static LoadSpec load(Fields fields) {
        return new LoadSpec(
                fields.word("mode", LoadMode.class, LoadSpec.DEFAULT.mode()),
                fields.has("readers") ? Optional.of(fields.number("readers", 1, 1000)) : Optional.empty(),
                fields.has("bytesPerSecond")
                        ? Optional.of((long) fields.number("bytesPerSecond", 1000, 999_999_999))
                        : Optional.empty(),
                fields.word("existingIndexes", ExistingIndexMode.class, LoadSpec.DEFAULT.existingIndexes()));
    }

    private CutoverSpec cutover(Fields fields) {
        CutoverMode mode = fields.word("mode", CutoverMode.class, CutoverSpec.DEFAULT.mode());
        CutoverSpec fallback = CutoverSpec.DEFAULT;
        Duration drainTimeout = time(fields, "drainTimeout", fallback.drainTimeout());
        return new CutoverSpec(
                mode,
                drainTimeout,
                time(fields, "maxFreeze", drainTimeout),
                fields.word("fence", FenceMode.class, fallback.fence()),
                time(fields, "idleFor", fallback.idleFor()),
                time(fields, "transactionAge", fallback.transactionAge()));
    }

    private static Duration time(Fields fields, String key, Duration fallback) {
        return fields.optionalText(key, SpecReader::duration)
                .flatMap(Durations::parse)
                .orElse(fallback);
    }

    private static VerificationSpec verification(Fields fields) {
        VerificationSpec fallback = VerificationSpec.DEFAULT;
        return new VerificationSpec(
                fields.word("mode", VerificationMode.class, fallback.mode()),
                fields.has("parallelism") ? fields.number("parallelism", 1, 32) : fallback.parallelism(),
                fields.has("dutyPercent") ? fields.number("dutyPercent", 1, 100) : fallback.dutyPercent(),
                fields.optionalText("every", SpecReader::duration)
                        .flatMap(Durations::parse)
                        .orElse(fallback.every()));
    }

    static Optional<String> duration(String text) {
        return Durations.parse(text).isPresent()
                ? Optional.empty()
                : Optional.of("must be a length of time with its unit, such as 30s, 5m or 500ms");
    }

    /** An existing cluster: both of its addresses have to be there. */
    ClusterSpec cluster(Fields kafka, String bootstrapServers, Fields connect, String url) {
        return new ClusterSpec(
                kafka.text(
                        bootstrapServers,
                        text -> BOOTSTRAP.matcher(text).matches()
                                ? Optional.empty()
                                : Optional.of("must be host:port, several separated by commas")),
                connect.text(url, SpecReader::url));
    }

    private static Optional<String> url(String text) {
        try {
            URI uri = new URI(text);
            if (uri.getHost() != null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null) {
                return Optional.empty();
            }
        } catch (URISyntaxException e) {
            // the answer below says what is allowed
        }
        return Optional.of("must be a URL such as http://connect:8083, without user or parameters");
    }
}
