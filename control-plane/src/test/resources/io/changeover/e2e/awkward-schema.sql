create extension hstore schema public;
create schema s;
create schema "S";
create schema "MiXeD Case.With""Quote";

create type s."mood, or 'so'" as enum ('', 'so so', 'it''s, "quoted"', 'NULL');
create type s.pair as (a int, b text);
create type s.nested as (p s.pair, ps s.pair[], d date);
create domain s.short as varchar(20) check (value <> 'forbidden');

create table s.t (id int primary key, v text);
create table "S".t (id int primary key, v text);
create table "S"."T" (id int primary key, v text);
create table s."a.b" (id int primary key, v text);
create table s."a_b" (id int primary key, v text);
create table s."select" (id int primary key, "from" text, "where" text);
create table "MiXeD Case.With""Quote"."Täble; drop --c $1 ?" (
    "I d""" int, "a.b" text, "per%cent" text, "back\slash" text, "'" text, "$1" text, "{x}" text, "tab	" text,
    "op" text, "before" text, "after" text, "source" text, "status" text,
    primary key ("I d""", "a.b"));
create table s.long_name_of_sixty_three_bytes_0123456789012345678901234567890_ (id int primary key, v text);

create table s.all_types (
    id serial primary key,
    small smallint, big bigint, num numeric, scaled numeric(12, 4), f4 float4, f8 float8, yes boolean,
    txt text, vc varchar(40), ch char(8), one "char", nam name, dom s.short,
    d date, t time, tz timetz, ts timestamp, tstz timestamptz, span interval, span_days interval day to second,
    js json, jsb jsonb, doc xml, bin bytea, b8 bit(8), vb varbit, uid uuid, cash money,
    host inet, net cidr, mac macaddr, mac8 macaddr8, pt point, ln line, seg lseg, bx box, pa path, poly polygon,
    circ circle, ints int[], grid int[][], texts text[], nums numeric[], stamps timestamptz[],
    mood s."mood, or 'so'", moods s."mood, or 'so'"[], pr s.pair, prs s.pair[], nest s.nested,
    r4 int4range, rn numrange, rts tstzrange, mr int4multirange, vec tsvector, q tsquery, h public.hstore, lsn pg_lsn,
    o oid, cls regclass, x8 xid8, defaulted text default 'not this', gen int generated always as (small * 2) stored);

create table s.keyed (id int primary key, v text, unique (v) deferrable initially deferred);
create table s.pair_keyed (a int, b text, v text, primary key (a, b));
create table s.numeric_key (id numeric primary key, v text);
create table s.keyless (n int, j json, t text);
alter table s.keyless replica identity full;
create table s.by_index (a int not null, b int not null, v text);
create unique index by_index_key on s.by_index (a, b);
alter table s.by_index replica identity using index by_index_key;
create table s.toast (id int primary key, big text, small int, other text);
alter table s.toast alter big set storage external, alter other set storage external;
create table s.toast_full (id int primary key, big text, small int);
alter table s.toast_full alter big set storage external;
alter table s.toast_full replica identity full;
create table s.toast_key (big text primary key, small int);

create table s.parent (id int primary key, v text);
create table s.child (id int primary key, parent int references s.parent on delete cascade, self int references s.child);
create table s.unrelated (id int generated always as identity primary key, v text);
create table s.cascade_parent (id int primary key);
create table s.cascade_child (id int primary key, parent int references s.cascade_parent on update cascade on delete set null);
create table s.moved (region text, id int, v text, primary key (region, id)) partition by list (region);
create table s.moved_north partition of s.moved for values in ('north');
create table s.moved_south (v text, gone int, id int not null, region text not null);
alter table s.moved_south drop column gone;
alter table s.moved attach partition s.moved_south for values in ('south');
create table s.base (id int primary key, v text);
create table s.derived (more int, primary key (id)) inherits (s.base);
create table s.counted (id int primary key, n int);
create function s.count_up() returns trigger language plpgsql as 'begin new.n := new.n + 1; return new; end';
create trigger always_counts before insert or update on s.counted for each row execute function s.count_up();
alter table s.counted enable always trigger always_counts;
