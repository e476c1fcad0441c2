package io.changeover.preflight;

import io.changeover.postgres.Connections;
import io.changeover.postgres.PublishedTables;
import io.changeover.postgres.ServerSettings;
import io.changeover.postgres.TableName;
import io.changeover.preflight.PreflightRequest.Pair;
import io.changeover.preflight.SourceFacts.SourceTable;
import io.changeover.roles.RoleNeeds;
import io.changeover.spec.SchemaMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at both servers before anything is changed. It only reads: every statement runs in a read-only transaction that
 * is rolled back, with a timeout. A check that cannot be made is a finding too. Safe for use by several threads.
 */
public final class Preflight {

    private static final String TIMEOUTS = "set local lock_timeout = '5s'; set local statement_timeout = '60s'";

    private final Supplier<Tools> tools;
    private final Clock clock;

    /**
     * A preflight on this machine.
     *
     * @param tools asked for the programs of PostgreSQL if they are needed, usually {@link Tools#onPath}
     * @param clock this machine's
     */
    public Preflight(Supplier<Tools> tools, Clock clock) {
        this.tools = tools;
        this.clock = clock;
    }

    /**
     * Checks all there is to check; opens and closes one connection per database and side, and on a source before
     * PostgreSQL 10 a replication connection.
     *
     * @return what was found; the migration may begin if nothing of it blocks
     */
    public PreflightReport check(PreflightRequest request) {
        return new Run(request).report();
    }

    /** Reads a database through an open connection. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(Connection connection, ServerFacts server) throws SQLException;
    }

    /** One preflight: what was found until now, and the source server, which is asked once. */
    private final class Run {

        private final PreflightRequest request;
        private final List<Finding> findings = new ArrayList<>();
        private final Set<Side> asked = EnumSet.noneOf(Side.class);
        private final Set<Part> reached = EnumSet.of(Part.CONNECTIONS);
        private Optional<SourceServerFacts> sourceServer = Optional.empty();

        Run(PreflightRequest request) {
            this.request = request;
        }

        PreflightReport report() {
            Instant at = clock.instant();
            add(LeftoverRules.targets(request));
            add(ConnectionRules.sameDatabase(request));
            request.pairs().forEach(this::pair);
            if (request.schema() == SchemaMode.COPY) {
                reached.add(Part.PROGRAMS);
                add(ToolRules.check(tools.get(), sourceServer.map(SourceServerFacts::server), request));
            }
            request.cluster().ifPresent(cluster -> {
                reached.add(Part.CLUSTER);
                add(ClusterRules.check(ClusterFactsReader.read(cluster), cluster));
            });
            return new PreflightReport(findings.stream().distinct().toList(), reached, at);
        }

        private void pair(Pair pair) {
            Optional<SourceFacts> source = source(pair);
            Optional<TargetFacts> target = target(pair, source);
            source.ifPresent(from -> target.ifPresent(to -> {
                reached.add(Part.TARGET);
                add(Rule.checkAll(PairRules.ALL, new PairFacts(from, to), request));
                roles(pair, to);
            }));
        }

        /** Whose rights go with a structure that is copied; this asks both sides at once. */
        private void roles(Pair pair, TargetFacts target) {
            if (request.schema() == SchemaMode.COPY) {
                Optional<Optional<RoleNeeds>> needs = read(
                        Side.SOURCE,
                        pair.source(),
                        (from, source) -> read(Side.TARGET, pair.target(), (to, server) -> RoleNeeds.read(from, to)));
                needs.flatMap(found -> found)
                        .ifPresent(found ->
                                add(RoleRules.check(found, target.database().object(), request.roles())));
            }
        }

        private Optional<SourceFacts> source(Pair pair) {
            Optional<SourceFacts> source = read(Side.SOURCE, pair.source(), (connection, server) -> {
                if (sourceServer.isEmpty()) {
                    SourceServerFacts facts = SourceFactsReader.server(connection, server);
                    sourceServer = Optional.of(facts);
                    reached.add(Part.SOURCE_SERVER);
                    add(Rule.checkAll(SourceServerRules.ALL, facts, request));
                }
                return SourceFactsReader.database(connection, server, pair.tables());
            });
            source.ifPresent(facts -> {
                reached.add(Part.SOURCE_DATABASE);
                sourceServer.ifPresent(server -> {
                    add(LeftoverRules.slot(pair, server, request));
                    replicationConnection(pair.source(), server.server());
                });
                add(LeftoverRules.publication(pair, facts, request));
                add(Rule.checkAll(SourceRules.ALL, facts, request));
            });
            return source;
        }

        /** From 10 on pg_hba.conf lets it in with the database's other connections. */
        private void replicationConnection(ServerSettings source, ServerFacts server) {
            if (!PublishedTables.areListed(server.major()) || !server.role().replicates()) {
                return;
            }
            try {
                Connections.openReplication(source, "changeover preflight").close();
            } catch (SQLException e) {
                findings.add(
                        ConnectionFailure.state(e).startsWith("28")
                                ? SourceServerRules.replicationNotLetIn(server, source, ConnectionFailure.said(e))
                                : ConnectionFailure.finding(Side.SOURCE, source, e));
            }
        }

        private Optional<TargetFacts> target(Pair pair, Optional<SourceFacts> source) {
            Optional<TargetFacts> target = read(Side.TARGET, pair.target(), (connection, server) -> {
                TargetFacts facts = TargetFactsReader.read(connection, server, probed(source));
                if (request.fallback()) {
                    SourceServerFacts asSource = SourceFactsReader.server(connection, server);
                    add(FallbackRules.check(asSource, facts.database(), request));
                }
                return facts;
            });
            target.ifPresent(facts -> add(LeftoverRules.ledger(facts, request)));
            return target;
        }

        /** Only tables that have to be empty are asked whether they are. */
        private Set<TableName> probed(Optional<SourceFacts> source) {
            return request.resume()
                    ? Set.of()
                    : source.stream()
                            .flatMap(facts -> facts.migrated().stream())
                            .filter(table -> ExistingSchemaRules.isExpected(table, request))
                            .map(SourceTable::name)
                            .collect(Collectors.toSet());
        }

        private <T> Optional<T> read(Side side, ServerSettings settings, Reader<T> reader) {
            add(ConnectionRules.settings(side, settings));
            certificate(side, settings);
            try (Connection connection = Connections.open(settings, "changeover preflight")) {
                return read(connection, side, settings, reader);
            } catch (SQLException e) {
                findings.add(ConnectionFailure.finding(side, settings, e));
                return Optional.empty();
            }
        }

        /** Of each server once. */
        private void certificate(Side side, ServerSettings settings) {
            if (!settings.sslMode().equals("disable") && asked.add(side)) {
                add(ConnectionRules.certificate(side, settings, ServerCertificate.expiry(settings), clock.instant()));
            }
        }

        private <T> Optional<T> read(Connection connection, Side side, ServerSettings settings, Reader<T> reader) {
            try (Statement statement = connection.createStatement()) {
                connection.setReadOnly(true);
                connection.setAutoCommit(false);
                statement.execute(TIMEOUTS);
                ServerFacts server = CommonFactsReader.server(connection, side, settings, clock);
                add(ConnectionRules.clocks(server));
                List<Finding> tooOld =
                        side == Side.SOURCE ? SourceServerRules.tooOld(server).toList() : List.of();
                findings.addAll(tooOld);
                return tooOld.isEmpty() ? Optional.of(reader.read(connection, server)) : Optional.empty();
            } catch (SQLException e) {
                findings.add(FindingCode.NOT_CHECKED.on(
                        side.database(settings.database()),
                        "The database could not be checked: " + ConnectionFailure.said(e),
                        "see the server's message (SQLSTATE " + ConnectionFailure.state(e) + "), then check again"));
                return Optional.empty();
            }
        }

        private void add(Stream<Finding> found) {
            found.forEach(findings::add);
        }
    }
}
