-- What catalog.sql leaves out because PostgreSQL has it, or says it in full, only since 10. Likewise.
with schema as (
    select oid, nspname from pg_namespace n
     where nspname !~ '^pg_' and nspname not in ('information_schema', 'changeover')
       and not exists (select from pg_depend d
                        where d.classid = 'pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e')
), relation as (
    select c.oid, c.relkind, format('%I.%I', s.nspname, c.relname) as object
      from pg_class c join schema s on s.oid = c.relnamespace
     where c.relpersistence <> 't'
       and not exists (select from pg_depend d
                        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
)
select 'sequence' as kind, r.object as object,
       concat_ws(' ', format_type(q.seqtypid, null), 'start', q.seqstart, 'increment', q.seqincrement,
           'min', q.seqmin, 'max', q.seqmax, 'cache', q.seqcache, case when q.seqcycle then 'cycle' end,
           (select 'owned by ' || o.object || '.' || quote_ident(a.attname)
              from pg_depend d
              join relation o on o.oid = d.refobjid
              join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
             where d.classid = 'pg_class'::regclass and d.objid = r.oid and d.objsubid = 0
               and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i'))) as definition,
       '' as body
  from relation r join pg_sequence q on q.seqrelid = r.oid

union all
select 'partitioning', r.object,
       concat_ws(' ', case r.relkind when 'p' then 'by ' || pg_get_partkeydef(r.oid) end,
           pg_get_expr(c.relpartbound, c.oid)),
       ''
  from relation r join pg_class c on c.oid = r.oid where r.relkind = 'p' or c.relispartition

union all
select 'statistics', format('%I.%I', s.nspname, x.stxname), pg_get_statisticsobjdef(x.oid), ''
  from pg_statistic_ext x join schema s on s.oid = x.stxnamespace
