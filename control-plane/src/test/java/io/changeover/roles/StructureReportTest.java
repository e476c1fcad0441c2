package io.changeover.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.changeover.migration.SchemaReport;
import io.changeover.migration.SchemaReport.LeftOut;
import io.changeover.migration.SchemaReport.Outcome;
import io.changeover.migration.SchemaReport.Role;
import io.changeover.postgres.Connections;
import io.changeover.postgres.Identifier;
import io.changeover.postgres.ServerSettings;
import io.changeover.schema.SchemaCopy;
import io.changeover.spec.RolesMode;
import io.changeover.spec.TableSelection;
import io.changeover.verify.DatabasePair;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Roles and rights, from a PostgreSQL 14 to a 17, by roles that are not superusers. */
@Timeout(240)
class StructureReportTest {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    Path work;

    private DatabasePair pair;

    /** Roles are of the server: each test has its own. */
    private final String app = "app" + NUMBER.incrementAndGet();

    private final String reader = "MiXeD \"quote; drop role x'" + NUMBER.get();
    private final String longest = "n\newline\\" + NUMBER.get() + "é".repeat((63 - 10 - digits()) / 2);

    private static int digits() {
        return String.valueOf(NUMBER.get()).length();
    }

    @BeforeEach
    void anApplicationOwnsTheSource() throws SQLException {
        pair = DatabasePair.create();
        superuser(
                pair.source(),
                "create role %s login connection limit 7 valid until '2031-02-03 04:05:06+00'; comment on role %1$s is 'it''s';"
                        + " grant %1$s to owner; alter database %s owner to %1$s",
                app,
                pair.source().database());
        superuser(pair.source(), "create role %s noinherit createdb", quoted(reader));
        superuser(pair.source(), "create role %s replication bypassrls createrole", quoted(longest));
        superuser(pair.source(), "grant %s to %s with admin option", quoted(reader), app);
    }

    @Test
    void rolesAreMadeAsTheyAreWithoutPasswordsAndSuperusersAreNot() throws Exception {
        superuser(pair.source(), "create role boss%s superuser; grant select on pg_class to boss%1$s", NUMBER);
        application("create table public.t (id int primary key, a int); grant select on t to " + quoted(longest));
        superuser(pair.source(), "grant select on public.t to boss%s, pg_monitor; grant pg_monitor to %s", NUMBER, app);
        superuser(
                pair.source(),
                "alter role %s set search_path = \"$user\", 'we\"ird, path', public; alter role %1$s in database %s set"
                        + " statement_timeout = '5s'; alter role %1$s set log_statement = 'all'",
                app,
                pair.source().database());

        SchemaReport report = copy();

        assertThat(report.roles())
                .extracting(Role::name, Role::outcome)
                .contains(
                        tuple(app, Outcome.CREATED),
                        tuple(reader, Outcome.CREATED),
                        tuple(longest, Outcome.CREATED),
                        tuple("boss" + NUMBER, Outcome.LEFT_OUT),
                        tuple("pg_monitor", Outcome.LEFT_OUT),
                        tuple("owner", Outcome.LEFT_OUT));
        String shape = "select (rolsuper, rolinherit, rolcanlogin, rolcreatedb, rolcreaterole, rolreplication,"
                + " rolbypassrls, rolconnlimit, rolvaliduntil, shobj_description(oid, 'pg_authid'))::text"
                + " from pg_roles where rolname = ";
        assertThat(target(shape + literal(app))).isEqualTo(onSource(shape + literal(app)));
        assertThat(target(shape + literal(reader)))
                .as("the target's role has not CREATEDB itself")
                .isEqualTo("(f,f,f,f,f,f,f,-1,,)");
        assertThat(target(shape + literal(longest))).isEqualTo("(f,t,f,f,t,f,f,-1,,)");
        assertThat(DatabasePair.query(
                        DatabasePair.superuser(pair.target()),
                        "select rolpassword is null from pg_authid where rolname = " + literal(app)))
                .isEqualTo("t");
        assertThat(target("select (admin_option, inherit_option, set_option)::text from pg_auth_members"
                        + " where roleid = " + literal(quoted(reader)) + "::regrole and member = '" + app
                        + "'::regrole"))
                .isEqualTo("(t,t,t)");
        assertThat(target("select setconfig::text from pg_db_role_setting where setrole = '" + app
                        + "'::regrole and setdatabase = 0"))
                .isEqualTo(onSource("select array_remove(setconfig, 'log_statement=all')::text from pg_db_role_setting"
                        + " where setrole = '" + app + "'::regrole and setdatabase = 0"));
        assertThat(target("select setconfig::text from pg_db_role_setting s join pg_database d on d.oid ="
                        + " s.setdatabase where setrole = '" + app + "'::regrole and datname = current_database()"))
                .isEqualTo("{statement_timeout=5s}");
        assertThat(report.leftOut())
                .extracting(LeftOut::object, LeftOut::remedy)
                .contains(
                        tuple("role " + quoted(longest), "alter role " + quoted(longest) + " replication;"),
                        tuple("role " + quoted(longest), "alter role " + quoted(longest) + " bypassrls;"),
                        tuple("role " + quoted(reader), "alter role " + quoted(reader) + " createdb;"),
                        tuple("role " + quoted(app), "alter role " + quoted(app) + " set \"log_statement\" to 'all';"),
                        tuple(
                                "role " + quoted(app),
                                "grant \"pg_monitor\" to " + quoted(app)
                                        + " with admin false, inherit true, set true;"));
    }

    @Test
    void rightsAreThoseOfTheSource() throws Exception {
        application("create schema \"S.q\"; create table public.t (id int primary key, \"sel\"\"ect\" int);"
                + " create table \"S.q\".\"per%cent\" (id int); create view public.v as select * from t;"
                + " create view public.by_key as select id, \"sel\"\"ect\" from t group by id;"
                + " create materialized view public.m as select 1 as a; create sequence public.s;"
                + " create type public.\"Mood\" as enum ('a'); create domain public.d as int;"
                + " create function public.f(x int, y public.\"Mood\"[] default null, variadic z text[] default '{}')"
                + " returns int language sql as 'select 1'; create procedure public.p() language sql as '';"
                + " create aggregate public.agg(*) (sfunc = int8inc, stype = int8, initcond = 0);"
                + " grant usage on schema \"S.q\" to " + quoted(reader) + ";"
                + " grant select on t, v, by_key, m to " + quoted(reader) + " with grant option;"
                + " grant insert on \"S.q\".\"per%cent\" to public;"
                + " grant select (id), update (\"sel\"\"ect\") on t to " + quoted(longest) + ";"
                + " grant usage on sequence s to " + quoted(reader) + ";"
                + " revoke execute on function f from public; grant execute on function f to " + quoted(reader) + ";"
                + " grant execute on procedure p to " + quoted(reader) + "; revoke all on function agg from public;"
                + " revoke usage on type \"Mood\" from public; grant usage on domain d to " + quoted(longest) + ";"
                + " alter default privileges in schema public grant select on tables to " + quoted(reader) + ";"
                + " alter default privileges revoke execute on functions from public");
        superuser(
                pair.source(),
                "revoke connect, temporary on database %s from public; grant connect on database %1$s to %s",
                pair.source().database(),
                quoted(reader));

        SchemaReport report = copy();

        assertThat(report.grants().notGranted()).isEmpty();
        assertThat(report.grants().granted()).isPositive();
        assertThat(report.grants().revoked()).isGreaterThanOrEqualTo(5);
        for (String query : List.of(
                acl("pg_class", "relname", "relacl", "relnamespace", "relowner"),
                acl("pg_proc", "proname", "proacl", "pronamespace", "proowner"),
                acl("pg_type", "typname", "typacl", "typnamespace", "typowner"),
                "select string_agg(concat_ws(' ', attname, g.rolname, privilege_type), ', ' order by attname) from"
                        + " pg_attribute, aclexplode(attacl) a join pg_roles g on g.oid = grantee"
                        + " where attrelid = 'public.t'::regclass",
                "select string_agg(concat_ws(' ', g.rolname, privilege_type), ', ' order by 1, g.rolname,"
                        + " privilege_type) from pg_database, aclexplode(datacl) a left join pg_roles g on g.oid ="
                        + " grantee where datname = current_database() and g.rolname is distinct from 'owner'",
                "select string_agg(concat_ws(' ', r.rolname, defaclobjtype, defaclacl), ', ' order by defaclobjtype)"
                        + " from pg_default_acl a join pg_roles r on r.oid = defaclrole where r.rolname = '" + app
                        + "'")) {
            assertThat(target(query)).isEqualTo(onSource(query)).isNotEqualTo("null");
        }
        assertThat(target("select has_table_privilege('" + app + "', 'public.t', 'insert, truncate')"))
                .as("what the owner may do")
                .isEqualTo("t");
        assertThat(target("select string_agg(distinct pg_get_userbyid(relowner), ',') from pg_class"
                        + " where relnamespace = 'public'::regnamespace"))
                .isEqualTo("owner");
        assertThat(target("select count(*) from pg_auth_members where roleid = '" + app + "'::regrole and member ="
                        + " 'owner'::regrole and (inherit_option or set_option)"))
                .as("what was borrowed for default privileges is given back")
                .isEqualTo("0");
        assertThat(report.owners())
                .contains(
                        "alter table \"public\".\"t\" owner to " + quoted(app) + ";",
                        "alter database " + quoted(pair.target().database()) + " owner to " + quoted(app) + ";");
        String script = String.join("\n", report.owners());
        superuser(pair.target(), "%s", script);
        assertThat(DatabasePair.query(
                        DatabasePair.superuser(pair.target()),
                        "select string_agg(distinct pg_get_userbyid(relowner), ',') from pg_class"
                                + " where relnamespace in ('public'::regnamespace, '\"S.q\"'::regnamespace)"))
                .isEqualTo(app);
    }

    @Test
    void whatIsThereStaysAndWhatIsDoneIsNotDoneAgain() throws Exception {
        superuser(pair.target(), "create role %s nologin; create role %s", app, quoted(reader));
        application("create table public.t (id int primary key); grant select on t to " + quoted(reader));

        SchemaReport first = copy();
        SchemaReport again = report(RolesMode.COPY).write();

        assertThat(first.roles())
                .extracting(Role::name, Role::outcome)
                .contains(tuple(app, Outcome.EXISTED), tuple(reader, Outcome.EXISTED));
        assertThat(target("select rolcanlogin from pg_roles where rolname = '" + app + "'"))
                .isEqualTo("f");
        assertThat(first.leftOut())
                .filteredOn(each -> each.object().equals("role " + quoted(app)))
                .extracting(LeftOut::why)
                .containsExactly("that it is a member of " + quoted(reader) + ": both roles were there");
        assertThat(target("select has_table_privilege(" + literal(reader) + ", 'public.t', 'select')"))
                .isEqualTo("t");
        assertThat(again).isEqualTo(first);
    }

    @Test
    void aCrashBetweenStructureAndRolesLosesNothing() throws Exception {
        application("create table public.t (id int primary key); grant select on t to " + quoted(reader)
                + "; alter table t enable row level security; create policy p on t to " + quoted(reader)
                + " using (true)");
        SchemaCopy schema = schema(pair);
        schema.copyStructure();
        try (Connection broken = Connections.open(pair.target(), "changeover-roles")) {
            broken.setAutoCommit(false);
            new RoleCopy(broken, pair.target().database(), needed()).run();
            broken.rollback();
        }
        assertThat(target("select count(*) from pg_roles where rolname = '" + app + "'"))
                .isEqualTo("0");

        SchemaReport report = report(RolesMode.COPY).write();
        schema.createKeysAndIndexes();

        assertThat(report.roles()).extracting(Role::name, Role::outcome).contains(tuple(app, Outcome.CREATED));
        assertThat(target("select polroles::regrole[]::text from pg_policy")).contains("MiXeD");
        assertThat(target("select has_table_privilege(" + literal(reader) + ", 'public.t', 'select')"))
                .isEqualTo("t");
    }

    @Test
    void severalDatabasesAtOnceMakeTheSameRoles() throws Exception {
        DatabasePair other = DatabasePair.create();
        superuser(
                other.source(), "alter database %s owner to %s", other.source().database(), app);
        application("create table public.t (id int); grant select on t to " + quoted(reader) + ", " + quoted(longest));
        superuser(
                other.source(),
                "set role %s; create table public.u (id int); grant select on public.u to %s",
                app,
                quoted(longest));
        schema(pair).copyStructure();
        schema(other).copyStructure();

        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Callable<SchemaReport> one = () -> report(RolesMode.COPY).write();
            Callable<SchemaReport> two =
                    () -> new StructureReport(other.source(), other.target(), RolesMode.COPY).write();
            for (Future<SchemaReport> done : threads.invokeAll(List.of(one, two))) {
                assertThat(done.get().roles())
                        .filteredOn(role -> List.of(app, reader, longest).contains(role.name()))
                        .hasSize(3)
                        .extracting(Role::outcome)
                        .doesNotContain(Outcome.LEFT_OUT);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(DatabasePair.query(
                        other.target(), "select has_table_privilege(" + literal(longest) + ", 'public.u', 'select')"))
                .isEqualTo("t");
    }

    @Test
    void withoutTheRightToMakeRolesEachIsReported() throws Exception {
        application("create table public.t (id int); grant select on t to " + quoted(reader));
        superuser(pair.target(), "alter role owner nocreaterole");
        try {
            SchemaReport report = copy();

            assertThat(report.roles())
                    .filteredOn(role -> role.name().equals(app))
                    .containsExactly(new Role(app, Outcome.LEFT_OUT, Optional.of("permission denied to create role")));
            assertThat(report.grants().notGranted())
                    .extracting(LeftOut::object)
                    .contains("role " + quoted(reader), "role " + quoted(app));
        } finally {
            superuser(pair.target(), "alter role owner createrole");
        }
    }

    @Test
    void whatIsLeftOutIsNamedWithoutSecrets() throws Exception {
        superuser(
                pair.source(),
                "set search_path = public, pg_catalog; create extension citext schema public; comment on extension citext is 'ours';"
                        + " comment on schema public is 'changed'; create function public.ddl() returns event_trigger"
                        + " language plpgsql as 'begin end'; create event trigger watch on ddl_command_end when tag in"
                        + " ('DROP TABLE') execute function public.ddl(); create publication p for all tables;"
                        + " create table public.t (id int primary key, a int, b int); alter table t owner to %1$s;"
                        + " create statistics public.st on a, b from t; alter table t enable row level security;"
                        + " create function public.rights() returns int language sql security definer as 'select 1';"
                        + " alter database %2$s set work_mem = '5MB'; alter database %2$s set app.key = 's3cret';"
                        + " alter database %2$s connection limit 50; comment on database %2$s is 'the shop';"
                        + " select lo_create(4711); grant select on large object 4711 to %1$s;"
                        + " insert into pg_seclabel values ('t'::regclass, 'pg_class'::regclass, 0, 'dummy', 'secret');"
                        + " create extension postgres_fdw schema public",
                app,
                pair.source().database());
        superuser(
                pair.source(),
                "create server far foreign data wrapper postgres_fdw; create user mapping for %s server far options (password"
                        + " 's3cret')",
                app);
        superuser(
                pair.target(),
                "create extension postgres_fdw schema public; grant usage on foreign data wrapper postgres_fdw to owner");
        SchemaCopy schema = schema(pair);
        schema.copyStructure();
        schema.createKeysAndIndexes();

        SchemaReport report = report(RolesMode.LEAVE).write();

        assertThat(report.leftOut())
                .extracting(LeftOut::object)
                .contains(
                        "event trigger watch",
                        "publication p",
                        "user mapping of " + app + " for server far",
                        "security label of table public.t",
                        "rights on 1 large objects",
                        "comment on the database",
                        "connection limit of the database",
                        "comment on extension citext",
                        "comment on schema public",
                        "security definer function public.rights()",
                        "row security of table public.t",
                        "setting work_mem of the database",
                        "setting app.key of the database");
        assertThat(report.toString()).doesNotContain("s3cret");
        assertThat(target("select count(*) from pg_user_mappings")).isEqualTo("0");
        assertThat(target("select count(*) from pg_statistic_ext where stxname = 'st'"))
                .as("extended statistics are copied")
                .isEqualTo("1");
    }

    @Test
    void leftAloneNoRoleIsMadeAndItIsSaid() throws Exception {
        application("create table public.t (id int); grant select on t to " + quoted(reader));
        schema(pair).copyStructure();

        SchemaReport report = report(RolesMode.LEAVE).write();

        assertThat(target("select count(*) from pg_roles where rolname = '" + app + "'"))
                .isEqualTo("0");
        assertThat(report.roles()).isEmpty();
        assertThat(report.leftOut())
                .filteredOn(each -> each.object().equals("roles, owners and rights"))
                .singleElement()
                .satisfies(each -> assertThat(each.why()).contains(app, reader));
        try (Connection connection = Connections.open(pair.target(), "changeover-test")) {
            assertThat(StructureReport.read(connection)).contains(report);
        }
    }

    private SchemaReport copy() throws Exception {
        SchemaCopy schema = schema(pair);
        schema.copyStructure();
        report(RolesMode.COPY).write();
        schema.createKeysAndIndexes();
        return report(RolesMode.COPY).write();
    }

    private SchemaCopy schema(DatabasePair databases) {
        return new SchemaCopy(
                databases.source(),
                databases.target(),
                TableSelection.ALL,
                work.resolve(databases.source().database()));
    }

    private StructureReport report(RolesMode mode) {
        return new StructureReport(pair.source(), pair.target(), mode);
    }

    private NeededRoles needed() throws SQLException {
        try (Connection source = Connections.open(pair.source(), "changeover-test")) {
            return NeededRolesReader.read(source);
        }
    }

    /** What roles have, but for the owner, and for what they have by default. */
    private static String acl(String catalog, String name, String acl, String schema, String owner) {
        return "select string_agg(line, ', ' order by line collate \"C\") from (select distinct concat_ws(' ', " + name
                + "::text, coalesce(g.rolname, 'public'), privilege_type, is_grantable) as line from " + catalog
                + " cross join lateral aclexplode(" + acl + ") a left join pg_roles g on g.oid = grantee where "
                + schema + " in ('public'::regnamespace, '\"S.q\"'::regnamespace) and g.rolname is distinct from"
                + " pg_get_userbyid(" + owner + ") and g.rolname !~ '^app') as lines";
    }

    private void application(String sql) throws SQLException {
        DatabasePair.execute(pair.source(), "set role " + quoted(app) + "; set search_path = public; " + sql);
    }

    private static void superuser(ServerSettings server, String sql, Object... names) throws SQLException {
        DatabasePair.execute(DatabasePair.superuser(server), sql.formatted(names));
    }

    private String target(String sql) throws SQLException {
        return DatabasePair.query(pair.target(), sql);
    }

    private String onSource(String sql) throws SQLException {
        return DatabasePair.query(pair.source(), sql);
    }

    private static String quoted(String role) {
        return Identifier.quote(role);
    }

    private static String literal(String text) {
        return Literal.quote(text);
    }
}
