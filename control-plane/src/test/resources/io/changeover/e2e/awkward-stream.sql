-- transaction: names
insert into s.t values (1, 's.t'); insert into "S".t values (1, 'S.t'); insert into "S"."T" values (1, 'S.T');
insert into s."a.b" values (1, 'dot'); insert into s."a_b" values (1, 'underscore');
insert into s."select" values (1, 'from', 'where'); update s."select" set "from" = 'new' where id = 1;
insert into "MiXeD Case.With""Quote"."Täble; drop --c $1 ?" values
    (1, 'key', '%', '\', '''', '$', '{', e'\t', 'c', '{}', '{}', 's', 'END'), (2, '', '', '', '', '', '', '', '', '', '', '', '');
update "MiXeD Case.With""Quote"."Täble; drop --c $1 ?" set "per%cent" = '%s', "I d""" = 3 where "I d""" = 1;
delete from "MiXeD Case.With""Quote"."Täble; drop --c $1 ?" where "I d""" = 2;
insert into s.long_name_of_sixty_three_bytes_0123456789012345678901234567890_ values (1, 'v');

-- transaction: keys shift, in the order in which PostgreSQL finds the rows
update s.keyed set id = id + 100 where id < 10;
-- transaction
update s.keyed set id = id - 99 where id >= 100;
-- transaction: two keys change places through a third
update s.keyed set id = -1 where id = 2; update s.keyed set id = 2 where id = 3; update s.keyed set id = 3 where id = -1;
-- transaction: two unique values change places, which a deferred constraint allows
update s.keyed set v = case id when 2 then (select v from s.keyed where id = 3) else (select v from s.keyed where id = 2) end
where id in (2, 3);
-- transaction: a key is deleted, inserted, updated
delete from s.keyed where id = 4; insert into s.keyed values (4, 'again'); update s.keyed set v = 'and again' where id = 4;
-- transaction
update s.pair_keyed set b = b || '!', a = a + 1; delete from s.pair_keyed where a = 2;
-- transaction: equal numbers that are not the same text
update s.numeric_key set id = 1.00 where id = 1.0; update s.numeric_key set v = 'NaN has changed' where id = 'NaN';
-- transaction: no change at all
update s.keyed set v = v;
-- transaction
update s.by_index set v = 'by index', b = b + 1 where a = 1; delete from s.by_index where a = 2;

-- transaction: rows without a key, of which some are the same
insert into s.keyless values (1, '{"a": 1}', 'same'), (1, '{"a": 1}', 'same'), (null, null, null), (null, null, null);
-- transaction
delete from s.keyless where ctid = (select min(ctid) from s.keyless where t = 'same');
-- transaction
update s.keyless set n = 2 where ctid = (select min(ctid) from s.keyless where t = 'same');
delete from s.keyless where ctid = (select min(ctid) from s.keyless where n is null);

-- transaction: values in TOAST that are not sent
update s.toast set small = small + 1;
-- transaction: not even with another key
update s.toast set id = id + 1000 where id = 1;
-- transaction: one is sent, one is not, the key changes twice
update s.toast set big = repeat('n', 9000), id = id + 1 where id = 1001; update s.toast set id = 1, small = 7 where id = 1002;
-- transaction
update s.toast_full set small = small + 1; update s.toast_full set id = id + 1000;
-- transaction
update s.toast_key set small = small + 1; update s.toast_key set big = repeat('k', 2500) || small where small < 3;
-- transaction: inserted and changed at once
insert into s.toast values (50, repeat('i', 9000), 0, repeat('o', 9000)); update s.toast set small = 1 where id = 50;
update s.toast set id = 51 where id = 50;

-- transaction: several tables with foreign keys are emptied between inserts
insert into s.parent values (100, 'goes'); insert into s.child values (100, 100, null);
truncate s.parent, s.child, s.unrelated restart identity;
insert into s.parent values (1, 'new'); insert into s.child values (1, 1, 1), (2, 1, 1); insert into s.unrelated (v) values ('new');
-- transaction
insert into s.parent values (2, 'two'), (3, 'three'); insert into s.child values (3, 2, 1), (4, 3, 3);
-- transaction: cascades must not happen twice
delete from s.parent where id = 3; update s.cascade_parent set id = id + 10; delete from s.cascade_parent where id = 11;
-- transaction
truncate s.parent cascade;
insert into s.parent values (7, 'seven');

-- transaction: savepoints
begin; insert into s.t values (10, 'kept'); savepoint a; insert into s.t values (11, 'undone'); savepoint b;
insert into s.t values (12, 'undone'); rollback to a; insert into s.t values (13, 'kept'); savepoint c;
insert into s.t values (14, 'kept'); release c; commit;
-- transaction: rolled back
begin; insert into s.t values (20, 'undone'); truncate s.keyed; rollback;
-- transaction: many subtransactions
do $$ begin for i in 100..199 loop
    begin insert into s.t values (i, 'sub'); if i % 3 = 0 then raise 'undo'; end if; exception when raise_exception then null; end;
end loop; end $$;
-- transaction
insert into s.t select i, 'many' from generate_series(1000, 2999) i; update s.t set v = v || '!' where id % 2 = 0 and id >= 1000;
delete from s.t where id % 5 = 0 and id >= 1000;
-- transaction
insert into s.t values (1, 'conflict'), (30, 'none') on conflict (id) do update set v = excluded.v || ' resolved';

-- transaction: to another partition
insert into s.moved values ('north', 1, 'n'), ('south', 2, 's');
-- transaction
update s.moved set region = 'south' where id = 1; update s.moved set region = 'north', v = 'moved' where id = 2;
-- transaction
insert into s.base values (1, 'base'); insert into s.derived values (1, 'derived', 1); update s.base set v = v || '!';
-- transaction: a trigger that fires everywhere must not fire on the target
insert into s.counted values (1, 0); update s.counted set n = n * 10;
-- transaction
update s.all_types set txt = txt || ' changed', small = 1 where id % 2 = 0; delete from s.all_types where id = 3;
