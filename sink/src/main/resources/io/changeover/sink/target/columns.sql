-- $1: schemas, $2: tables. Through to_jsonb, because servers before 10 and 12 have no such catalog columns.
select n.nspname,
       c.relname,
       c.relkind = 'p',
       a.attname,
       format_type(a.atttypid, a.atttypmod),
       format_type(a.atttypid, -1),
       coalesce(to_jsonb(a) ->> 'attgenerated', '') <> '',
       coalesce(to_jsonb(a) ->> 'attidentity', '') = 'a',
       -- of a domain, the cast is that of the type below
       exists (with recursive type (id) as (
                   select a.atttypid
                   union all
                   select t.typbasetype from type join pg_catalog.pg_type t on t.oid = type.id where t.typtype = 'd')
               select from pg_catalog.pg_cast cast_
               where cast_.castsource = 'pg_catalog.text'::pg_catalog.regtype and cast_.casttarget in (select id from type)
                 and cast_.castmethod = 'f')
from unnest(?::text[]::name[], ?::text[]::name[]) as wanted (schema_name, table_name)
join pg_catalog.pg_namespace n on n.nspname = wanted.schema_name
join pg_catalog.pg_class c on c.relname = wanted.table_name and c.relnamespace = n.oid
left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relkind in ('r', 'p')
order by c.oid, a.attnum
