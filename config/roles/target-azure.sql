-- The least role for a target on Azure Database for PostgreSQL. Run it once for each database, connected to the
-- database postgres as the server's administrator (a member of azure_pg_admin), with psql:
--
--     psql "host=… dbname=postgres user=admin" -v role=changeover -v database=shop -f config/roles/target-azure.sql
--
-- role: the role that migrates; it is made if it is not there, and gets its password by \password afterwards. What is
-- copied belongs to it, so give the application its rights before the cutover, most simply: grant changeover to app;
-- database: the target database; it is made if it is not there.
-- Again is harmless. The source's extensions have to be in the server parameter azure.extensions.

\set ON_ERROR_STOP on

select not exists (select from pg_catalog.pg_roles where rolname = :'role') as is_new \gset
\if :is_new
create role :"role" login;
\endif

-- may set session_replication_role, so that foreign keys and triggers need not be set aside
alter role :"role" with replication;

-- the administrator has to be a member that may act as the role to give it a database; since PostgreSQL 16 whoever makes a
-- role is not that by itself
select pg_catalog.format('grant %I to %I', :'role', current_user) where current_user <> :'role' \gexec

select not exists (select from pg_catalog.pg_database where datname = :'database') as is_new \gset
\if :is_new
create database :"database" owner :"role" encoding 'UTF8' template template0;
\endif

-- of a database that was there: schemas, and the schema changeover
grant create on database :"database" to :"role";
