-- $1: schema, $2: table. Tables with a foreign key to it: truncate refuses a table without these.
select distinct rn.nspname, r.relname
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_constraint f on f.confrelid = c.oid and f.contype = 'f' and f.conrelid <> c.oid
join pg_catalog.pg_class r on r.oid = f.conrelid
join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
where n.nspname = ? and c.relname = ?
