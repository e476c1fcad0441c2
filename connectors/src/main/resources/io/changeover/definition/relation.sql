-- columns that the stream describes, as the catalog knows them now: ? are arrays of names, types and their modifiers,
-- the last ? is the table's oid
select coalesce(a.attnum, 0), pg_catalog.format_type(sent.type::oid, sent.modifier),
       case when a.attnum is null then 'UNKNOWN'
            when missing then 'CONSTANT'
            when a.atthasdef or coalesce(pg_catalog.to_jsonb(a) ->> 'attidentity', '') <> ''
                 or t.typdefault is not null then 'UNKNOWN'
            else 'NULL' end,
       case when missing then value else '' end
  from unnest(?::text[], ?::bigint[], ?::int[]) with ordinality as sent (name, type, modifier, place)
  left join pg_catalog.pg_attribute a on a.attrelid = ?::bigint::oid and a.attname = sent.name
       and a.atttypid = sent.type::oid and a.atttypmod = sent.modifier and a.attnum > 0 and not a.attisdropped
  left join pg_catalog.pg_type t on t.oid = a.atttypid
  cross join lateral (select {missing} as missing, {value} as value) filled
 order by sent.place
