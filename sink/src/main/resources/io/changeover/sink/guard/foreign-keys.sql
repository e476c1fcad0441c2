-- Foreign keys of user tables and to user tables, but for those that partitions have from a parent: they are children.
with tables as (
    select c.oid, c.relname, c.relkind, c.relowner, n.nspname,
           n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'changeover')
           and not exists (select from pg_depend d
                            where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e') as ours
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p')
)
select c.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid) as definition, k.convalidated as validated,
       coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true) as enforced,
       coalesce(quote_literal(obj_description(k.oid, 'pg_constraint')), 'null') as comment,
       c.relkind = 'p' as partitioned,
       r.nspname as referenced_schema, r.relname as referenced_table, r.relkind = 'p' as referenced_partitioned,
       k.confmatchtype::text as match, coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false) as period,
       array(select a.attname::text from unnest(k.conkey) with ordinality p(number, place)
               join pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.number order by p.place) as columns,
       array(select a.attname::text from unnest(k.confkey) with ordinality p(number, place)
               join pg_attribute a on a.attrelid = k.confrelid and a.attnum = p.number
              order by p.place) as referenced_columns,
       array(select 'operator(' || quote_ident(s.nspname) || '.' || o.oprname || ')'
               from unnest(k.conpfeqop) with ordinality p(operator, place)
               join pg_operator o on o.oid = p.operator
               join pg_namespace s on s.oid = o.oprnamespace order by p.place) as operators,
       array(select case when here.attcollation <> there.attcollation and there.attcollation <> 0
                         then quote_ident(s.nspname) || '.' || quote_ident(l.collname) else '' end
               from unnest(k.conkey, k.confkey) with ordinality p(number, other, place)
               join pg_attribute here on here.attrelid = k.conrelid and here.attnum = p.number
               join pg_attribute there on there.attrelid = k.confrelid and there.attnum = p.other
               left join pg_collation l on l.oid = there.attcollation
               left join pg_namespace s on s.oid = l.collnamespace order by p.place) as collations,
       pg_has_role(c.relowner, 'USAGE') as owned, pg_get_userbyid(c.relowner) as owner,
       has_table_privilege(r.oid, 'REFERENCES') as references_allowed,
       not exists (select from pg_trigger t where t.tgconstraint = k.oid and t.tgenabled <> 'O') as ordinary,
       case when c.relkind = 'p' or r.relkind = 'p' then array(
            with recursive family as (
                select f.oid, f.conrelid, f.confrelid, f.conname from pg_constraint f where f.conparentid = k.oid
                union all
                select f.oid, f.conrelid, f.confrelid, f.conname
                  from pg_constraint f join family m on f.conparentid = m.oid)
            select quote_literal(quote_ident(h.nspname) || '.' || quote_ident(h.relname)) || '::pg_catalog.regclass, '
                   || quote_literal(quote_ident(t.nspname) || '.' || quote_ident(t.relname))
                   || '::pg_catalog.regclass, ' || quote_literal(f.conname) || '::pg_catalog.text, '
                   || coalesce(quote_literal(obj_description(f.oid, 'pg_constraint')), 'null') || '::pg_catalog.text'
              from family f join tables h on h.oid = f.conrelid join tables t on t.oid = f.confrelid
             order by f.oid) else array[]::text[] end as children
  from pg_constraint k
  join tables c on c.oid = k.conrelid
  join tables r on r.oid = k.confrelid
 where k.contype = 'f' and k.conparentid = 0 and (c.ours or r.ours)
 order by c.nspname, c.relname, k.conname
