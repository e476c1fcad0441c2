-- transaction
insert into s.keyed select i, 'v' || i from generate_series(1, 5) i;
insert into s.pair_keyed select i, 'b', 'v' from generate_series(1, 5) i;
insert into s.numeric_key values (1.0, 'one'), ('NaN', 'NaN'), ('Infinity', 'Infinity');
insert into s.by_index select i, i, 'v' from generate_series(1, 5) i;
insert into s.keyless values (1, '{"a": 1}', 'same'), (1, '{"a": 1}', 'same'), (5, null, 'other');
insert into s.toast select i, repeat('b' || i, 5000), i, repeat('o' || i, 5000) from generate_series(1, 5) i;
insert into s.toast_full select i, repeat('b' || i, 5000), i from generate_series(1, 5) i;
insert into s.toast_key select repeat('k' || i, 1000), i from generate_series(1, 5) i;
insert into s.parent values (1, 'old'), (2, 'old'); insert into s.child values (1, 1, null), (2, 2, 1);
insert into s.unrelated (v) values ('old'), ('older');
insert into s.cascade_parent values (1), (2); insert into s.cascade_child values (1, 1), (2, 2), (3, 1);
insert into s.counted values (5, 0); insert into s.derived values (5, 'before', 5);
