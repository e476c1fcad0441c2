-- $1: schema, $2: table. Through to_jsonb, because servers before 10 and 12 have no such catalog columns.
select c.relkind = 'p',
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
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname = ? and c.relname = ? and c.relkind in ('r', 'p')
order by a.attnum
