-- Every right on an object of this database, one a row: what the object has now, and what it had when it was made.
-- Runs on PostgreSQL 9.6 and later. A grantee that is null is PUBLIC.
with member as (
    select classid, objid from pg_depend where deptype = 'e'
), object as (
    select 'pg_namespace'::regclass::oid as classid, n.oid as objid, 0 as objsubid, 'SCHEMA' as kind,
           quote_ident(n.nspname) as identity, '' as name, n.oid as schema, n.nspowner as owner,
           n.nspacl as acl, acldefault('n', n.nspowner) as initial
      from pg_namespace n
    union all
    select 'pg_class'::regclass, c.oid, 0, case c.relkind when 'S' then 'SEQUENCE' else 'TABLE' end,
           format('%I.%I', n.nspname, c.relname), '', n.oid, c.relowner,
           c.relacl, acldefault(case c.relkind when 'S' then 's'::"char" else 'r'::"char" end, c.relowner)
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and c.relpersistence <> 't'
    union all
    select 'pg_class'::regclass, c.oid, a.attnum, 'COLUMN', format('%I.%I', n.nspname, c.relname), a.attname, n.oid,
           c.relowner, a.attacl, acldefault('c', c.relowner)
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where a.attnum > 0 and not a.attisdropped and a.attacl is not null and c.relpersistence <> 't'
    union all
    select 'pg_proc'::regclass, p.oid, 0, 'ROUTINE', i.identity, '', p.pronamespace, p.proowner,
           p.proacl, acldefault('f', p.proowner)
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     cross join lateral pg_identify_object('pg_proc'::regclass, p.oid, 0) i
     where p.proacl is not null or n.nspname <> 'pg_catalog'
    union all
    select 'pg_type'::regclass, t.oid, 0, 'TYPE', format('%I.%I', n.nspname, t.typname), '', n.oid, t.typowner,
           t.typacl, acldefault('T', t.typowner)
      from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
     where t.typtype in ('b', 'c', 'd', 'e', 'r') and coalesce(c.relkind = 'c', true)
       and not exists (select from pg_type e where e.typarray = t.oid)
    union all
    select 'pg_language'::regclass, l.oid, 0, 'LANGUAGE', quote_ident(l.lanname), '', case when l.oid < 16384 then 'pg_catalog'::regnamespace::oid else 0 end, l.lanowner,
           l.lanacl, acldefault('l', l.lanowner)
      from pg_language l
    union all
    select 'pg_foreign_data_wrapper'::regclass, f.oid, 0, 'FOREIGN DATA WRAPPER', quote_ident(f.fdwname), '', 0,
           f.fdwowner, f.fdwacl, acldefault('F', f.fdwowner)
      from pg_foreign_data_wrapper f
    union all
    select 'pg_foreign_server'::regclass, s.oid, 0, 'FOREIGN SERVER', quote_ident(s.srvname), '', 0, s.srvowner,
           s.srvacl, acldefault('S', s.srvowner)
      from pg_foreign_server s
    union all
    select 'pg_database'::regclass, d.oid, 0, 'DATABASE', '', '', 0, d.datdba, d.datacl, acldefault('d', d.datdba)
      from pg_database d where d.datname = current_database()
    union all
    select 'pg_default_acl'::regclass, a.oid, 0, 'DEFAULT PRIVILEGES',
           'for role ' || quote_ident(r.rolname) || coalesce(' in schema ' || quote_ident(n.nspname), ''),
           case a.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'routines'
                                when 'T' then 'types' when 'n' then 'schemas' else 'large objects' end,
           a.defaclnamespace, a.defaclrole, a.defaclacl,
           case when a.defaclnamespace = 0
                then acldefault(case a.defaclobjtype when 'S' then 's' else a.defaclobjtype end, a.defaclrole)
                else acldefault('c', a.defaclrole) end -- nothing
      from pg_default_acl a join pg_roles r on r.oid = a.defaclrole left join pg_namespace n on n.oid = a.defaclnamespace
), seen as (
    select o.*, coalesce(p.initprivs, o.initial) as base, m.objid is not null as made_with_another,
           n.nspname ~ '^pg_' as of_server
      from object o
      left join pg_namespace n on n.oid = o.schema
      left join member m on m.classid = o.classid and m.objid = o.objid
      left join pg_init_privs p on p.classoid = o.classid and p.objoid = o.objid and p.objsubid = o.objsubid
     where coalesce(n.nspname not in ('changeover', 'information_schema'), true)
       and coalesce(n.nspname !~ '^pg_(toast|temp)', true)
), item as (
    select s.kind, s.identity, s.name, s.owner, s.made_with_another or coalesce(s.of_server, false) as foreign_to_us,
           e.grantee, e.privilege_type, bool_or(e.is_grantable and e.now) as grantable,
           bool_or(e.now) as now, bool_or(not e.now) as before
      from seen s
     cross join lateral (
           select grantee, privilege_type, is_grantable, true as now from aclexplode(coalesce(s.acl, s.initial))
           union all
           select grantee, privilege_type, is_grantable, false from aclexplode(s.base)) e
     group by 1, 2, 3, 4, 5, 6, 7
)
select i.kind, i.identity, i.name, o.rolname as owner, i.foreign_to_us, g.rolname as grantee, i.privilege_type,
       i.grantable, i.now, i.before
  from item i
  left join pg_roles o on o.oid = i.owner
  left join pg_roles g on g.oid = i.grantee
 where (i.grantee = 0 or g.oid is not null) and (not i.foreign_to_us or i.now <> i.before)
 order by i.kind::text collate "C", i.identity::text collate "C", i.name::text collate "C", g.rolname::text collate "C" nulls first,
          i.privilege_type::text collate "C"
