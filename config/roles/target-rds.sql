-- The least role for a target on Amazon RDS or Aurora. Run it once for each database, connected to the database
-- postgres as the main user (a member of rds_superuser), with psql:
--
--     psql "host=… dbname=postgres user=postgres" -v role=changeover -v database=shop -f config/roles/target-rds.sql
--
-- role: the role that migrates; it is made if it is not there, and gets its password by \password afterwards. What is
-- copied belongs to it, so give the application its rights before the cutover, most simply: grant changeover to app;
-- database: the target database; it is made if it is not there.
-- Again is harmless. This leaves the role without rds_superuser, and so without session_replication_role: triggers and
-- rules are then disabled and foreign keys dropped until the cutover, with a record of all. To have less altered:
-- grant rds_superuser to changeover;

\set ON_ERROR_STOP on

select not exists (select from pg_catalog.pg_roles where rolname = :'role') as is_new \gset
\if :is_new
create role :"role" login;
\endif

-- the main user has to be a member that may act as the role to give it a database; since PostgreSQL 16 whoever makes a
-- role is not that by itself
select pg_catalog.format('grant %I to %I', :'role', current_user) where current_user <> :'role' \gexec

select not exists (select from pg_catalog.pg_database where datname = :'database') as is_new \gset
\if :is_new
create database :"database" owner :"role" encoding 'UTF8' template template0;
\endif

-- of a database that was there: schemas, and the schema changeover
grant create on database :"database" to :"role";
