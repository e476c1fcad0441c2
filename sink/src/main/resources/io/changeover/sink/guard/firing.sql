-- Triggers and rules of user tables that are not disabled. Those that partitions have from their parent are rows of
-- their own; before 14 only a superuser may alter them alone, so there the parent's is dropped and made again.
with triggers as (
    select t.oid, t.tgrelid, t.tgname, t.tgenabled::text as state, t.tgisinternal,
           array(select d.objid from pg_depend d
                  where d.classid = 'pg_trigger'::regclass and d.refclassid = 'pg_trigger'::regclass
                    and d.refobjid = t.oid) as clones,
           exists (select from pg_depend d
                    where d.classid = 'pg_trigger'::regclass and d.objid = t.oid
                      and d.refclassid = 'pg_trigger'::regclass) as is_clone,
           current_setting('server_version_num')::int < 140000 as clones_are_bound
      from pg_trigger t
     where not exists (select from pg_constraint k where k.oid = t.tgconstraint and k.contype <> 't')
       and (not t.tgisinternal
            or exists (select from pg_depend d
                        where d.classid = 'pg_trigger'::regclass and d.objid = t.oid
                          and d.refclassid = 'pg_trigger'::regclass))
), firing as (
    select 'trigger' as kind, t.tgrelid as relation, t.tgname as name, t.state,
           t.clones_are_bound and cardinality(t.clones) > 0 as dropped,
           pg_get_triggerdef(t.oid) as definition,
           coalesce(quote_literal(obj_description(t.oid, 'pg_trigger')), 'null') as comment,
           t.clones_are_bound and exists (select from pg_trigger c
                                           where c.oid = any (t.clones) and c.tgenabled::text <> t.state) as uneven
      from triggers t
     where not (t.clones_are_bound and t.is_clone)
    union all
    select 'rule', w.ev_class, w.rulename, w.ev_enabled::text, false, '', 'null', false
      from pg_rewrite w where w.rulename <> '_RETURN'
)
select f.kind, n.nspname, c.relname, f.name, f.state, f.dropped, f.definition, f.comment, f.uneven,
       pg_has_role(c.relowner, 'USAGE') as owned, pg_get_userbyid(c.relowner) as owner
  from firing f
  join pg_class c on c.oid = f.relation
  join pg_namespace n on n.oid = c.relnamespace
 where (f.state <> 'D' or f.uneven) and c.relkind in ('r', 'p')
   and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'changeover')
   and not exists (select from pg_depend d
                    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
 order by f.kind desc, n.nspname, c.relname, f.name
