-- $1: schemas, $2: tables. Tables that are there, each with a number that changes with its columns and indexes: every
-- change of a column's definition writes its line of the catalog anew, under the id of another transaction.
select n.nspname, c.relname,
       hashtextextended(concat_ws(' ', c.oid, c.relkind,
           (select string_agg(format('%s:%s', a.attnum, a.xmin), ' ' order by a.attnum)
              from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0),
           '/',
           (select string_agg(format('%s:%s', i.indexrelid, i.indisvalid), ' ' order by i.indexrelid)
              from pg_catalog.pg_index i where i.indrelid = c.oid)), 0)
from unnest(?::text[]::name[], ?::text[]::name[]) as wanted (schema_name, table_name)
join pg_catalog.pg_namespace n on n.nspname = wanted.schema_name
join pg_catalog.pg_class c on c.relname = wanted.table_name and c.relnamespace = n.oid
