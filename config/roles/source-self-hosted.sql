-- The least role for a source that you run yourself. Run it once for each database, connected to that database as a
-- superuser, with psql:
--
--     psql "host=… dbname=shop user=postgres" -v role=changeover -v owner=app_owner -f config/roles/source-self-hosted.sql
--
-- role: the role that migrates, which is no superuser; it is made if it is not there, and gets its password by \password
-- afterwards.
-- owner: who owns the tables and the database, and is no superuser. With several owners, run the file once for each.
-- Again is harmless. In postgresql.conf: wal_level = logical, and a restart. In pg_hba.conf the role needs a line for the
-- database; before PostgreSQL 10 also one for the database "replication".

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

-- sees how long the transactions of others are open, and which sessions there are to end (PostgreSQL 10 and later)
select pg_catalog.format('grant pg_monitor to %I', :'role')
from pg_catalog.pg_roles where rolname = 'pg_monitor' \gexec
