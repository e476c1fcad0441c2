create schema poison;
create schema s;
create schema "S";

create table poison.normal (id int primary key, v text);

-- names: each is a table's and a column's, in two schemas that differ in case only
create table poison.names (name text primary key);
insert into poison.names values ('MiXeD Case.With"Quote'), ('select'), ('a.b'), ('a_b'), ('a-b'), ('per%cent'), ('%s'), ('back\slash'),
    (';'), ('$1'), ('?'), (''''), ('--c'), ('/*'), (e'new\nline'), (e'tab\t'), ('{}'), ('äöü'), ('éàù'), ('öäü'), ('🐘'), (' '), ('"'), ('"" '),
    ('sixty_three_bytes_0123456789012345678901234567890123456789012_a'), ('sixty_three_bytes_0123456789012345678901234567890123456789012_b'),
    ('op'), ('before'), ('after'), ('source'), ('status'), ('T'), ('t'), ('null'), ('NULL');
do $$ declare n text; begin for n in select name from poison.names loop
    execute format('create table s.%1$I (%1$I int primary key, value text)', n);
    execute format('create table "S".%1$I (value text, %1$I text primary key)', n);
end loop; end $$;

-- columns: none, none that is written, none left, case, as many as there can be
create table poison.no_columns ();
create table poison.no_columns_left (a int);
create table poison.only_generated (g int generated always as (7) stored);
create table poison.only_identity (id int generated always as identity primary key);
create table poison.by_case (id int primary key, a text, "A" text, "a " text);
create table poison.case_key ("ID" int, id int, primary key ("ID"));
do $$ begin
    execute (select 'create table poison.wide (' || string_agg('c' || i || ' int2', ', ') || ', primary key (c1600))' from generate_series(1, 1600) i);
    execute (select 'create table poison.wide_keyless (' || string_agg('c' || i || ' int2', ', ') || ')' from generate_series(1, 1600) i);
end $$;
create table poison.dropped (gone int, id int primary key, gone_too text, v text);
alter table poison.dropped drop gone, drop gone_too, add later int default 5;

create unlogged table poison.unlogged (id int primary key, v text);

-- what names the old row
create table poison.by_index (a int not null, b int not null, c int not null, v text);
create unique index on poison.by_index (a);
create unique index by_index_named on poison.by_index (b);
create unique index on poison.by_index (c);
alter table poison.by_index replica identity using index by_index_named;
create table poison.by_index_and_key (id int primary key, code text not null, v text);
create unique index by_index_and_key_named on poison.by_index_and_key (code);
alter table poison.by_index_and_key replica identity using index by_index_and_key_named;
create table poison.by_dropped_index (id int not null unique, v text);
alter table poison.by_dropped_index replica identity using index by_dropped_index_id_key;
alter table poison.by_dropped_index drop constraint by_dropped_index_id_key;
create table poison.whole (id int primary key, v text);
alter table poison.whole replica identity full;
create table poison.whole_without_equality (j json, x xml, p point, t text, n numeric);
alter table poison.whole_without_equality replica identity full;
create table poison.deferrable_key (id int primary key deferrable initially deferred, v text);
create table poison.nothing (id int primary key, v text);
alter table poison.nothing replica identity nothing;

-- hierarchies
create table poison.parted (region text, id int, v text) partition by list (region);
create table poison.parted_north (v text, gone int, region text, id int primary key);
alter table poison.parted_north drop gone;
alter table poison.parted attach partition poison.parted_north for values in ('north');
create table poison.parted_south partition of poison.parted for values in ('south') partition by range (id);
create table poison.parted_south_low (id int, region text, v text);
alter table poison.parted_south attach partition poison.parted_south_low for values from (0) to (100);
create table poison.parted_south_high partition of poison.parted_south for values from (100) to (1000);
create table poison.parted_other partition of poison.parted default;
create table poison.base (id int primary key, v text);
create table poison.derived (more int, primary key (id)) inherits (poison.base);
create table poison.derived_keyless (other int) inherits (poison.derived);
