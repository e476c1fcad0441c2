-- $1: schemas, $2: tables. Tables with a foreign key to one of them: truncate refuses a table without these.
select distinct rn.nspname, r.relname
from unnest(?::text[]::name[], ?::text[]::name[]) as wanted (schema_name, table_name)
join pg_catalog.pg_namespace n on n.nspname = wanted.schema_name
join pg_catalog.pg_class c on c.relname = wanted.table_name and c.relnamespace = n.oid
join pg_catalog.pg_constraint f on f.confrelid = c.oid and f.contype = 'f' and f.conrelid <> c.oid
join pg_catalog.pg_class r on r.oid = f.conrelid
join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
