-- The definitions in a database, as (kind, object, definition, body). Runs on PostgreSQL 9.6 to 18 with
-- search_path = pg_catalog, so that every name is written with its schema. What a version lacks is read through to_jsonb,
-- or is in catalog-10.sql: partitions, sequences, extended statistics.
-- Not here: the texts of views and rules, which differ between versions; comments, owners, privileges; replica
-- identity, which a migration may have to change on the source.
with member as (
    select classid, objid from pg_depend where deptype = 'e'
), schema as (
    select oid, nspname from pg_namespace n
     where nspname !~ '^pg_' and nspname not in ('information_schema', 'changeover')
       and not exists (select from member m where m.classid = 'pg_namespace'::regclass and m.objid = n.oid)
), relation as (
    -- by name: before 12 an oid is not among the columns of *
    select c.oid, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity,
           format('%I.%I', s.nspname, c.relname) as object
      from pg_class c join schema s on s.oid = c.relnamespace
     where c.relpersistence <> 't'
       and not exists (select from member m where m.classid = 'pg_class'::regclass and m.objid = c.oid)
), type as (
    select t.oid, t.typtype, t.typbasetype, t.typtypmod, t.typnotnull, t.typdefault, format('%I.%I', s.nspname, t.typname) as object
      from pg_type t join schema s on s.oid = t.typnamespace
     where not exists (select from member m where m.classid = 'pg_type'::regclass and m.objid = t.oid)
)
select 'schema' as kind, quote_ident(nspname) as object, '' as definition, '' as body from schema

union all
select case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' else 'table' end,
       object,
       concat_ws(' ',
           case relpersistence when 'u' then 'unlogged' end,
           case when relrowsecurity then 'row security' end,
           case when relforcerowsecurity then 'forced' end),
       ''
  from relation r where relkind in ('r', 'p', 'v', 'm', 'f')

union all
select 'column', r.object || '.' || quote_ident(a.attname),
       concat_ws(' ',
           format_type(a.atttypid, a.atttypmod),
           case when a.attcollation <> t.typcollation and a.attcollation <> 0
                then (select format('collate %I.%I', cn.nspname, co.collname)
                        from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace
                       where co.oid = a.attcollation) end,
           case when a.attnotnull then 'not null' end,
           case to_jsonb(a) ->> 'attidentity' when 'a' then 'identity always' when 'd' then 'identity by default' end,
           case to_jsonb(a) ->> 'attgenerated' when 's' then 'stored' when 'v' then 'virtual' end,
           'default ' || pg_get_expr(d.adbin, d.adrelid)),
       ''
  from relation r
  join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
 where r.relkind in ('r', 'p', 'v', 'm', 'f', 'c')

-- the copies of a foreign key on partitions have names of the server's choice
union all
select 'constraint', r.object || '.' || quote_ident(k.conname),
       concat_ws(' ', pg_get_constraintdef(k.oid), case when not k.convalidated then '(not validated)' end), ''
  from relation r join pg_constraint k on k.conrelid = r.oid
 where k.contype in ('p', 'u', 'x', 'c')
    or k.contype = 'f' and coalesce(to_jsonb(k) ->> 'conparentid', '0') = '0'

union all
select 'constraint', t.object || '.' || quote_ident(k.conname),
       concat_ws(' ', pg_get_constraintdef(k.oid), case when not k.convalidated then '(not validated)' end), ''
  from type t join pg_constraint k on k.contypid = t.oid where k.contype = 'c'

union all
select 'index', i.object,
       concat_ws(' ', pg_get_indexdef(x.indexrelid), case when not x.indisvalid then '(not valid)' end), ''
  from relation i join pg_index x on x.indexrelid = i.oid

-- triggers that a partition has from its parent are internal before 13 and have a parent from then on
union all
select 'trigger', r.object || '.' || quote_ident(g.tgname),
       concat_ws(' ',
           replace(pg_get_triggerdef(g.oid), ' EXECUTE PROCEDURE ', ' EXECUTE FUNCTION '),
           case g.tgenabled when 'D' then '(disabled)' when 'R' then '(replica)' when 'A' then '(always)' end),
       ''
  from relation r join pg_trigger g on g.tgrelid = r.oid
 where not g.tgisinternal and coalesce(to_jsonb(g) ->> 'tgparentid', '0') = '0'

union all
select 'rule', r.object || '.' || quote_ident(w.rulename),
       concat_ws(' ',
           case w.ev_type when '1' then 'select' when '2' then 'update' when '3' then 'insert' else 'delete' end,
           case when w.is_instead then 'instead' end,
           case w.ev_enabled when 'D' then '(disabled)' when 'R' then '(replica)' when 'A' then '(always)' end),
       ''
  from relation r join pg_rewrite w on w.ev_class = r.oid where w.rulename <> '_RETURN'

union all
select 'policy', r.object || '.' || quote_ident(p.polname),
       concat_ws(' ', p.polcmd, case to_jsonb(p) ->> 'polpermissive' when 'false' then 'restrictive' else 'permissive' end,
           'using ' || pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_get_expr(p.polwithcheck, p.polrelid)),
       ''
  from relation r join pg_policy p on p.polrelid = r.oid

union all
select 'enum', t.object,
       (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e
         where e.enumtypid = t.oid),
       ''
  from type t where t.typtype = 'e'

union all
select 'domain', t.object,
       concat_ws(' ', format_type(t.typbasetype, t.typtypmod), case when t.typnotnull then 'not null' end,
           'default ' || t.typdefault),
       ''
  from type t where t.typtype = 'd'

union all
select 'range type', t.object, format_type(g.rngsubtype, null), ''
  from type t join pg_range g on g.rngtypid = t.oid

union all
select 'function', format('%I.%I(%s)', s.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
       concat_ws(' ',
           case coalesce(to_jsonb(p) ->> 'prokind', case when to_jsonb(p) ->> 'proisagg' = 'true' then 'a' else 'f' end)
               when 'a' then 'aggregate' when 'p' then 'procedure' when 'w' then 'window' else 'function' end,
           'returns ' || pg_get_function_result(p.oid), 'language ' || l.lanname,
           case p.provolatile when 'i' then 'immutable' when 's' then 'stable' end,
           case when p.proisstrict then 'strict' end,
           case when p.prosecdef then 'security definer' end,
           array_to_string(p.proconfig, ' ')),
       case when l.lanname in ('c', 'internal') then '' else p.prosrc end
  from pg_proc p join schema s on s.oid = p.pronamespace join pg_language l on l.oid = p.prolang
 where not exists (select from member m where m.classid = 'pg_proc'::regclass and m.objid = p.oid)

union all
select 'event trigger', quote_ident(evtname), evtevent, '' from pg_event_trigger e
 where evtname !~ '^changeover_ddl_' and not exists (select from member m where m.classid = 'pg_event_trigger'::regclass and m.objid = e.oid)

union all
select 'extension', quote_ident(extname), '', '' from pg_extension where extname <> 'plpgsql'
