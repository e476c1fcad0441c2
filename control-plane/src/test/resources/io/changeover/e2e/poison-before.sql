-- transaction
insert into poison.normal select i, 'v' || i from generate_series(1, 100) i;
-- transaction: names
do $$ declare n text; begin for n in select name from poison.names loop
    execute format('insert into s.%I select i, %L from generate_series(1, 4) i', n, n);
    execute format('insert into "S".%I select %L, %L || i from generate_series(1, 4) i', n, n, n);
end loop; end $$;
-- transaction: columns
insert into poison.no_columns default values;
insert into poison.no_columns default values;
insert into poison.no_columns default values;
insert into poison.no_columns_left select i from generate_series(1, 4) i;
insert into poison.only_generated default values;
insert into poison.only_generated default values;
insert into poison.only_identity default values;
insert into poison.by_case values (1, 'small', 'CAPITAL', 'space'), (2, null, '', 'x');
insert into poison.case_key values (1, 10), (2, 20);
do $$ begin for row in 1 .. 5 loop
    execute (select format('insert into poison.wide values (%s)', string_agg((case i when 1600 then row else i end)::text, ', ')) from generate_series(1, 1600) i);
    execute (select format('insert into poison.wide_keyless values (%s)', string_agg((row / 2)::text, ', ')) from generate_series(1, 1600) i);
end loop; end $$;
insert into poison.dropped values (1, 'a', 1), (2, 'b', null);
insert into poison.unlogged values (1, 'stays');
-- transaction: a column that goes with its values
alter table poison.no_columns_left drop column a;
-- transaction: identities
insert into poison.by_index select i, i, i, 'v' from generate_series(1, 5) i;
insert into poison.by_index_and_key select i, 'code' || i, 'v' from generate_series(1, 5) i;
insert into poison.by_dropped_index select i, 'v' from generate_series(1, 3) i;
insert into poison.whole select i, 'v' from generate_series(1, 5) i;
insert into poison.whole_without_equality
    select '{"a": 1,  "a": 2}', '<a/>', '(1,2)', 'same', 1.0 from generate_series(1, 3);
insert into poison.whole_without_equality values (null, null, null, null, null);
insert into poison.deferrable_key select i, 'v' || i from generate_series(1, 5) i;
insert into poison.nothing select i, 'v' from generate_series(1, 5) i;
-- transaction: hierarchies
insert into poison.parted select r, i, r || i from unnest(array['north', 'south', 'else']) r, generate_series(1, 5) i;
insert into poison.parted values ('south', 100, 'high'), ('south', 100, 'high'), (null, null, 'nowhere');
insert into poison.base select i, 'base' from generate_series(1, 3) i;
insert into poison.derived select i, 'derived', i from generate_series(4, 6) i;
insert into poison.derived_keyless select i, 'keyless', i, i from generate_series(7, 9) i;
