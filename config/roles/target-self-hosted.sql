-- The least role for a target that you run yourself. Run it once for each database, connected to the database postgres as
-- a superuser, with psql:
--
--     psql "host=… dbname=postgres user=postgres" -v role=changeover -v database=shop -f config/roles/target-self-hosted.sql
--
-- role: the role that migrates, which is no superuser; it is made if it is not there, and gets its password by \password
-- afterwards. What is copied belongs to it, so give the application its rights before the cutover, most simply:
-- grant changeover to app;
-- database: the target database; it is made if it is not there.
-- Again is harmless. With spec.fallback the target is also a source, for the way back: wal_level = logical, and
--     alter role changeover with replication; grant pg_signal_backend, pg_monitor to changeover;

\set ON_ERROR_STOP on

select not exists (select from pg_catalog.pg_roles where rolname = :'role') as is_new \gset
\if :is_new
create role :"role" login;
\endif

-- so that foreign keys and triggers need not be set aside; before PostgreSQL 15 nobody but a superuser may set it, and they are
select pg_catalog.format('grant set on parameter session_replication_role to %I', :'role')
where pg_catalog.current_setting('server_version_num')::int >= 150000 \gexec

select not exists (select from pg_catalog.pg_database where datname = :'database') as is_new \gset
\if :is_new
create database :"database" owner :"role" encoding 'UTF8' template template0;
\endif

-- of a database that was there: schemas, and the schema changeover
grant create on database :"database" to :"role";
