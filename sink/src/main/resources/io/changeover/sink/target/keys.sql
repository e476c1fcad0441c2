-- $1: schema, $2: table. Unique indexes over columns that are never null, each column with the operator that means
-- "equal" in the index (btree strategy 3), and whether it is checked row by row; the primary key first, deferrable keys last.
select i.indexrelid::bigint,
       a.attname,
       format('operator(%I.%s)', operator_schema.nspname, o.oprname),
       i.indimmediate
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_index i on i.indrelid = c.oid
cross join lateral unnest(i.indkey::int2[], i.indclass::oid[]) with ordinality as part (attnum, opclass, place)
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = part.attnum
join pg_catalog.pg_opclass oc on oc.oid = part.opclass
join pg_catalog.pg_amop equality on equality.amopfamily = oc.opcfamily and equality.amopstrategy = 3
    and equality.amoplefttype = oc.opcintype and equality.amoprighttype = oc.opcintype
join pg_catalog.pg_operator o on o.oid = equality.amopopr
join pg_catalog.pg_namespace operator_schema on operator_schema.oid = o.oprnamespace
where n.nspname = ? and c.relname = ?
  and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
  and not exists (
      select from unnest(i.indkey::int2[], i.indclass::oid[]) as k (attnum, opclass)
      join pg_catalog.pg_attribute nullable on nullable.attrelid = c.oid and nullable.attnum = k.attnum
      where k.opclass is not null and not nullable.attnotnull)
order by i.indimmediate desc, i.indisprimary desc, i.indexrelid, part.place
