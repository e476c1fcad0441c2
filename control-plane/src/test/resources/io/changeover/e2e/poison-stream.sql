-- transaction: names
do $$ declare n text; begin for n in select name from poison.names loop
    execute format('insert into s.%I values (5, %L)', n, n);
    execute format('update s.%1$I set value = null where %1$I = 1', n);
    execute format('update s.%1$I set %1$I = 20 where %1$I = 2', n);
    execute format('delete from s.%1$I where %1$I = 3', n);
    execute format('insert into "S".%I values (null, %L)', n, n);
    execute format('update "S".%1$I set %1$I = %1$I || ''!'', value = ''changed'' where right(%1$I, 1) = ''1''', n);
    execute format('delete from "S".%1$I where right(%1$I, 1) = ''2''', n);
end loop; end $$;
-- transaction
do $$ declare n text; begin for n in select name from poison.names where name like 'a%' loop
    execute format('truncate s.%I', n);
    execute format('insert into s.%I values (9, ''after the truncate'')', n);
end loop; end $$;
-- transaction: columns
insert into poison.no_columns default values;
insert into poison.no_columns default values;
delete from poison.no_columns where ctid = (select min(ctid) from poison.no_columns);
-- transaction
insert into poison.no_columns_left default values;
delete from poison.no_columns_left where ctid = (select min(ctid) from poison.no_columns_left);
insert into poison.only_generated default values;
delete from poison.only_generated where ctid = (select min(ctid) from poison.only_generated);
insert into poison.only_identity default values;
update poison.only_identity set id = default where id = 1;
-- transaction
insert into poison.by_case values (3, 'a', 'A', null);
update poison.by_case set a = "A", "A" = a, "a " = null where id = 1;
update poison.case_key set "ID" = 3, id = "ID" where "ID" = 1;
delete from poison.case_key where id = 20;
-- transaction
do $$ begin
    execute (select format('insert into poison.wide values (%s)', string_agg(i::text, ', ')) from generate_series(1, 1600) i);
    execute (select format('insert into poison.wide_keyless values (%s)', string_agg('null', ', ')) from generate_series(1, 1600) i);
end $$;
update poison.wide set c1 = null, c1600 = c1600 + 2000 where c1600 <= 2;
delete from poison.wide where c1600 = 3;
update poison.wide set c800 = c1600;
-- transaction
delete from poison.wide_keyless where ctid = (select min(ctid) from poison.wide_keyless where c1 = 1);
update poison.wide_keyless set c1600 = -1 where ctid = (select min(ctid) from poison.wide_keyless where c1 = 2);
update poison.wide_keyless set c1 = 0 where c1 is null;
-- transaction
update poison.dropped set v = 'changed', later = later + 1; insert into poison.dropped values (3, 'c');
delete from poison.dropped where id = 2;
insert into poison.unlogged values (2, 'stays'); update poison.unlogged set v = 'here';
-- transaction: identities
update poison.by_index set a = a + 100 where b = 1;
update poison.by_index set b = b + 100, v = 'moved' where b = 2;
update poison.by_index set c = c + 100 where b = 3;
delete from poison.by_index where b = 4;
update poison.by_index_and_key set id = id + 100 where id = 1;
update poison.by_index_and_key set code = 'other', v = 'w' where id = 2;
delete from poison.by_index_and_key where id = 3;
-- transaction
update poison.by_dropped_index set id = id + 1; delete from poison.by_dropped_index where id = 4;
update poison.whole set id = id + 100, v = null where id < 3; delete from poison.whole where id = 5;
update poison.whole set v = v;
-- transaction
update poison.whole_without_equality set t = 'one of them' where ctid = (select min(ctid) from poison.whole_without_equality where t = 'same');
delete from poison.whole_without_equality where ctid = (select min(ctid) from poison.whole_without_equality where t = 'same');
update poison.whole_without_equality set n = 1.00, j = '{"a":1}', x = '<b/>', p = '(-0,NaN)' where t = 'same';
update poison.whole_without_equality set t = '' where t is null;
-- transaction: two rows have the same key until the commit
update poison.deferrable_key set id = id + 1;
delete from poison.deferrable_key where id = 6;
-- transaction
update poison.nothing set v = 'changed' where id = 1; update poison.nothing set id = 20 where id = 2; delete from poison.nothing where id = 3;
-- transaction: hierarchies
update poison.parted set v = v || '!' where id in (1, 100);
update poison.parted set region = 'south' where region = 'north' and id = 2;
update poison.parted set region = 'else' where region = 'south' and id = 3;
update poison.parted set id = 500 where region = 'south' and id = 4;
update poison.parted set region = 'north', id = 77 where id is null;
delete from poison.parted where id = 5;
delete from poison.parted where ctid = (select min(ctid) from only poison.parted_south_high) and tableoid = 'poison.parted_south_high'::regclass;
-- transaction
update poison.base set v = v || '!'; update poison.base set id = id + 100 where id in (1, 4, 7); delete from poison.base where id in (2, 5, 8);
update only poison.base set v = 'only'; insert into poison.derived values (10, 'new', 10);
-- transaction
truncate only poison.derived; insert into poison.derived values (11, 'after the truncate', 11);
-- transaction
insert into poison.normal values (101, 'last'); update poison.normal set v = 'w' where id <= 50; delete from poison.normal where id = 51;
