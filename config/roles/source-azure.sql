-- The least role for a source on Azure Database for PostgreSQL. Run it once for each database, connected to that
-- database as the server's administrator (a member of azure_pg_admin), with psql:
--
--     psql "host=… dbname=shop user=admin" -v role=changeover -v owner=app_owner -f config/roles/source-azure.sql
--
-- role: the role that migrates; it is made if it is not there, and gets its password by \password afterwards.
-- owner: who owns the tables and the database. With several owners, run the file once for each.
-- Again is harmless. Server parameter: wal_level = LOGICAL, and a restart.

\set ON_ERROR_STOP on

select not exists (select from pg_catalog.pg_roles where rolname = :'role') as is_new \gset
\if :is_new
create role :"role" login;
\endif

-- reads the stream of changes
alter role :"role" with replication;

-- only the owner of a table can publish it, only the database's owner can make it read-only at the cutover
grant :"owner" to :"role";

-- the publication, where the owner does not own the database; before PostgreSQL 14 also a schema changeover
select pg_catalog.format('grant create on database %I to %I', pg_catalog.current_database(), :'role')
where not pg_catalog.has_database_privilege(:'role', pg_catalog.current_database(), 'CREATE') \gexec

-- ends the applications' sessions at the cutover
grant pg_signal_backend to :"role";

-- sees how long the transactions of others are open, and which sessions there are to end
grant pg_monitor to :"role";
