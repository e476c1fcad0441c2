-- $1: schemas, $2: tables. Unique indexes over columns that are never null, each column with the operator that means
-- "equal" in the index (btree strategy 3), and whether it is checked row by row; the primary key first, deferrable keys
-- last. An index may compare in another collation than its column has; then that is a part of the operator.
select n.nspname,
       c.relname,
       i.indexrelid::bigint,
       a.attname,
       case when part.collation_id <> a.attcollation
            then (select format('collate %I.%I ', cn.nspname, co.collname) from pg_catalog.pg_collation co
                  join pg_catalog.pg_namespace cn on cn.oid = co.collnamespace where co.oid = part.collation_id)
            else '' end
           || format('operator(%I.%s)', operator_schema.nspname, o.oprname),
       i.indimmediate
from unnest(?::text[]::name[], ?::text[]::name[]) as wanted (schema_name, table_name)
join pg_catalog.pg_namespace n on n.nspname = wanted.schema_name
join pg_catalog.pg_class c on c.relname = wanted.table_name and c.relnamespace = n.oid
join pg_catalog.pg_index i on i.indrelid = c.oid
cross join lateral unnest(i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[]) with ordinality
    as part (attnum, opclass, collation_id, place)
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = part.attnum
join pg_catalog.pg_opclass oc on oc.oid = part.opclass
join pg_catalog.pg_amop equality on equality.amopfamily = oc.opcfamily and equality.amopstrategy = 3
    and equality.amoplefttype = oc.opcintype and equality.amoprighttype = oc.opcintype
join pg_catalog.pg_operator o on o.oid = equality.amopopr
join pg_catalog.pg_namespace operator_schema on operator_schema.oid = o.oprnamespace
where i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
  and not exists (
      select from unnest(i.indkey::int2[], i.indclass::oid[]) as k (attnum, opclass)
      join pg_catalog.pg_attribute nullable on nullable.attrelid = c.oid and nullable.attnum = k.attnum
      where k.opclass is not null and not nullable.attnotnull)
order by c.oid, i.indimmediate desc, i.indisprimary desc, i.indexrelid, part.place
