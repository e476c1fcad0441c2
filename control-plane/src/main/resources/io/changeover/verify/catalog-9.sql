-- In the place of catalog-10.sql where one of two servers is PostgreSQL 9.6: what it says of a sequence without reading
-- it. There type and cache are not told, and the lowest minimum is one more than from 10 on.
with schema as (
    select oid, nspname from pg_namespace n
     where nspname !~ '^pg_' and nspname not in ('information_schema', 'changeover')
       and not exists (select from pg_depend d
                        where d.classid = 'pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e')
), relation as (
    select c.oid, format('%I.%I', s.nspname, c.relname) as object
      from pg_class c join schema s on s.oid = c.relnamespace
     where c.relkind = 'S' and c.relpersistence <> 't'
       and not exists (select from pg_depend d
                        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
)
select 'sequence' as kind, r.object as object,
       concat_ws(' ', 'start', q.start_value, 'increment', q.increment, 'min', greatest(q.minimum_value, -9223372036854775807), 'max', q.maximum_value,
           case when q.cycle_option then 'cycle' end,
           (select 'owned by ' || format('%I.%I', n.nspname, o.relname) || '.' || quote_ident(a.attname)
              from pg_depend d
              join pg_class o on o.oid = d.refobjid
              join pg_namespace n on n.oid = o.relnamespace
              join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
             where d.classid = 'pg_class'::regclass and d.objid = r.oid and d.objsubid = 0
               and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i'))) as definition,
       '' as body
  from relation r, lateral pg_sequence_parameters(r.oid) q
