-- transaction: rows to begin with
insert into c_merge select i, 'old', i from generate_series(1, 60) i;
insert into c_equal_rows select i % 3, '{"a": 1,  "a": 2}', case i % 2 when 0 then 'same' end, 1.0 from generate_series(1, 60) i;
insert into c_null_rows select null, null, null from generate_series(1, 30);
insert into c_parent select i, 'p' from generate_series(1, 50) i;
insert into c_cascade select i, 1 + i % 50, 'c' from generate_series(1, 150) i;
insert into c_set_null select i, 1 + i % 50, 'n' from generate_series(1, 150) i;
insert into c_emptied_a (v) select 'old' from generate_series(1, 40); insert into c_emptied_b select i, i, 'old' from generate_series(1, 40) i;
insert into c_emptied_c (v) select 'old' from generate_series(1, 40);
insert into c_toast_key select rpad('k' || i, 2000, 'k'), repeat('l', 300), repeat('b' || i, 2000), i from generate_series(1, 40) i;
insert into c_toast_unique select rpad('k' || i, 2200, 'k'), repeat('b' || i, 2000), i from generate_series(1, 40) i;
insert into c_collated select chr(97 + i % 26), i from generate_series(0, 25) i; insert into c_collated select upper(k), v + 100 from c_collated;
insert into c_other_text select i + 0.0, 'aB' || i, i from generate_series(1, 40) i;
insert into c_default (id) select i from generate_series(1, 30) i;
insert into c_default (id, v, t) select i, null, null from generate_series(31, 60) i;
insert into c_unpartitioned select i, 'r' || i % 3, 'v' from generate_series(1, 60) i;
insert into c_altered select i, i, i from generate_series(1, 40) i;
insert into c_fresh_identity select i, 'v' from generate_series(1, 40) i;
-- transaction: a row is not told from data that looks like a placeholder
insert into c_placeholder select row_number() over (), v from unnest(array['__debezium_unavailable_value', '\N', '\.', 'NULL', 'null', '', '{}',
    '__changeover_unsent', '${env:PATH}', E'\\\\N', '"', '\\x', 'u', 'n', 't', '{"unsent":true}', E'\t', E'\n', '(null)', 'DEFAULT', '?', '$1']) v;
update c_placeholder set v = v || v;
-- transaction: copied at once
insert into c_copy select i, 'v' || i from generate_series(1, 500) i; update c_copy set v = v || '!' where id % 3 = 0;
delete from c_copy where id % 5 = 0;
-- transaction
merge into c_merge using (select i as id from generate_series(40, 100) i) s on c_merge.id = s.id
    when matched and s.id % 2 = 0 then delete when matched then update set v = 'merged', n = -n when not matched then insert values (s.id, 'new', 0);
insert into c_merge select i, 'conflict', i from generate_series(90, 120) i on conflict (id) do update set n = c_merge.n + excluded.n;
update c_merge set v = v;
-- transaction: in two phases, one of them not
begin; insert into c_two_phase select i, 'prepared' from generate_series(1, 30) i; prepare transaction 'first';
-- transaction
begin; insert into c_two_phase select i, 'given up' from generate_series(31, 60) i; prepare transaction 'second';
-- transaction
insert into c_two_phase values (100, 'between');
-- transaction
rollback prepared 'second';
-- transaction
commit prepared 'first';
-- transaction
update c_two_phase set v = v || '!';
-- transaction: more than 64 subtransactions, a third of them undone
do $$ begin for i in 1..200 loop
    begin insert into c_subtransactions values (i, 'sub'); if i % 3 = 0 then raise 'undo'; end if; exception when raise_exception then null; end;
end loop; end $$;
-- transaction: a giant that is given up
begin; insert into c_subtransactions select i, repeat('x', 500) from generate_series(1000, 9000) i; truncate c_copy; rollback;
-- transaction: messages of others, inside and outside
select pg_logical_emit_message(true, 'somebody', 'else'); select pg_logical_emit_message(false, 'changeover', 'not in a transaction');
-- transaction: one of many equal rows at a time
do $$ begin for i in 1..25 loop
    delete from c_equal_rows where ctid = (select min(ctid) from c_equal_rows where t = 'same');
    update c_equal_rows set n = 1.00 where ctid = (select min(ctid) from c_equal_rows where t is null and n::text = '1.0');
    delete from c_null_rows where ctid = (select min(ctid) from c_null_rows);
end loop; end $$;
insert into c_null_rows select null, '<a/>', '(1,NaN)' from generate_series(1, 30); update c_null_rows set a = 1 where p is null;
-- transaction: cascades come with the stream, and must not happen again
update c_parent set id = id + 1000 where id <= 30; delete from c_parent where id > 1020 or id between 31 and 35;
-- transaction: the freed keys
insert into c_parent select i, 'again' from generate_series(1, 50) i on conflict do nothing;
-- transaction: two tables that refer to each other
insert into c_cycle_a select i, i, i from generate_series(1, 30) i; insert into c_cycle_b select i, i, i from generate_series(1, 30) i;
-- transaction
update c_cycle_a set b = b + 1; update c_cycle_b set b = b + 1; delete from c_cycle_a where a > 20; delete from c_cycle_b where id > 20;
-- transaction: emptied between inserts, in several tables, with a cascade
insert into c_emptied_a (v) select 'goes' from generate_series(1, 30); insert into c_emptied_c (v) select 'goes' from generate_series(1, 30);
truncate c_emptied_a, c_emptied_c restart identity cascade;
insert into c_emptied_a (v) select 'stays' from generate_series(1, 30); insert into c_emptied_b select i, i, 'stays' from generate_series(1, 30) i;
insert into c_emptied_c (v) select 'stays' from generate_series(1, 30);
-- transaction: alone, twice, and with nothing behind it
truncate c_emptied_b; truncate c_emptied_b; insert into c_emptied_b values (1, 1, 'only'); truncate c_emptied_c;
-- transaction: values that are not sent, also of a key
update c_toast_key set v = v + 1; update c_toast_unique set v = v + 1;
-- transaction
update c_toast_key set k = k || 'x' where v % 2 = 0; update c_toast_key set l = l || 'x', v = 0 where v % 3 = 0;
update c_toast_unique set k = k || 'x' where v % 2 = 0;
-- transaction: twice in one transaction, and the first key comes again
update c_toast_key set k = 'short' || v, v = -1 where v > 10; update c_toast_key set k = rpad(k, 2000, 's') where v = -1;
insert into c_toast_key select rpad('k' || i, 2000, 'k'), repeat('l', 300), 'b', i from generate_series(1, 40) i on conflict do nothing;
-- transaction: an index that tells apart what the column's collation does not
update c_collated set v = v + 1; update c_collated set k = k || 'x' where v % 2 = 0;
-- transaction
delete from c_collated where k collate "C" < 'Z' and v % 3 = 0;
-- transaction: equal, and another text
update c_other_text set k = trim_scale(k) where v % 2 = 0; update c_other_text set c = upper(c::text)::ext.citext;
delete from c_other_text where k < 10; insert into c_other_text select i + 0.00, 'again', i from generate_series(1, 9) i;
-- transaction
update c_default set v = null where id % 2 = 0; update c_default set v = default, n = 8 where id % 3 = 0;
insert into c_default select i, null, 1, null from generate_series(61, 90) i;
-- transaction: in one place here, in several there
update c_unpartitioned set id = id + 1000, v = 'moved' where id % 3 = 0; delete from c_unpartitioned where id between 10 and 40;
update c_unpartitioned set region = null where id % 2 = 0; truncate c_unpartitioned; insert into c_unpartitioned select i, 'r', 'new' from generate_series(1, 40) i;
update c_unpartitioned set v = 'last' where id > 10;
-- transaction: the definition changes
alter table c_altered drop gone;
-- transaction
insert into c_altered select i, i from generate_series(41, 80) i; update c_altered set v = v + 1 where id % 2 = 0;
-- transaction
alter table c_altered alter v type bigint; alter table c_altered add added text default 'before';
-- transaction
insert into c_altered select i, 1::bigint << 40, 'after' from generate_series(81, 120) i; update c_altered set v = -v, added = null where id > 100;
-- transaction: what names the old row changes
update c_fresh_identity set v = 'full' where id <= 25;
-- transaction
alter table c_fresh_identity replica identity default;
-- transaction
update c_fresh_identity set v = 'key', id = id + 100 where id <= 25; delete from c_fresh_identity where id > 120;
