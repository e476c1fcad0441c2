-- the columns of tables: ? and ? are arrays of schemas and names, ? is whether generated columns are wanted
select n.nspname, c.relname, coalesce(a.attnum, 0), a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
       case when missing then 'CONSTANT'
            when a.atthasdef or coalesce(pg_catalog.to_jsonb(a) ->> 'attidentity', '') <> ''
                 or t.typdefault is not null then 'UNKNOWN'
            else 'NULL' end,
       case when missing then value else '' end, c.oid::bigint
  from unnest(?::text[], ?::text[]) as wanted (schema_name, table_name)
  join pg_catalog.pg_namespace n on n.nspname = wanted.schema_name
  join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = wanted.table_name
       and c.relkind in ('r', 'p')
  left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       and (? or coalesce(pg_catalog.to_jsonb(a) ->> 'attgenerated', '') = '')
  left join pg_catalog.pg_type t on t.oid = a.atttypid
  cross join lateral (select {missing} as missing, {value} as value) filled
 order by 1, 2, 3
