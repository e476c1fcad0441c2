-- What a dump of a real database holds and a restore by other means than pg_restore may stumble over.
create schema "S";
create schema s;
create type "S"."mood; drop" as enum ('sad', 'it''s {ok}', '');
create domain s.email as text constraint has_at check (value like '%@%');

create function public.braces(text default '{fn now()}') returns text language plpgsql as $body$
begin
    -- {call it}; "unbalanced ' quotes
    return $inner$ {d '2026-01-01'}; ? $1 $inner$ || E'\\';
end
$body$;
create function public.lines() returns text language sql as $$
select 'a
\restrict abc
--
SET transaction_timeout = 0;
'::text $$;
create function s.first(int) returns int language sql begin atomic
    select 1;
    select case when $1 > 0 then 2 else 3 end;
end;
create procedure s.nothing() language plpgsql as 'begin null; end';
drop procedure s.nothing();
create function public.touch() returns trigger language plpgsql as E'begin\r\n  return new;\r\nend';

create table public."we""ird;table" ("a.b" int primary key, "select" text default ';', "$1" text default '?');
comment on table public."we""ird;table" is 'It''s {fn here}; \ "quoted" ?';
create table s.node (
    id int primary key, parent int constraint up references s.node, mood "S"."mood; drop" default '', mail s.email,
    status varchar(10) check (status in ('a', 'b')), refers int constraint later references public."we""ird;table"
        on delete cascade deferrable initially deferred);
comment on constraint later on s.node is 'it''s a \ comment';
comment on constraint node_pkey on s.node is 'the key';
insert into s.node (id, parent) values (1, null);
set constraints all immediate;
alter table s.node drop constraint up;
update s.node set parent = 77;
set constraints all immediate;
alter table s.node add constraint up foreign key (parent) references s.node not valid;
create table s.log (at date, what text, node int constraint node_of references s.node) partition by range (at);
create table s.log_1 partition of s.log for values from ('2026-01-01') to ('2026-02-01');
create table s.log_2 (node int, what text, at date);
alter table s.log attach partition s.log_2 default;
create index log_what on s.log (what);
create table s.base (id int primary key);
create table s.derived (extra text constraint only_here check (extra <> '')) inherits (s.base);
create unlogged table s.scratch (a int);
create table s.none ();
create index node_mood on s.node (mood) where parent is not null;
create rule two as on insert to s.scratch do also (insert into s.none default values; notify twice);
create rule off as on update to s.scratch do instead nothing;
alter table s.scratch disable rule off;
create trigger touch before update on s.log for each row execute function public.touch();
create constraint trigger checked after insert on s.node deferrable initially deferred
    for each row execute function public.touch();
alter table s.node enable replica trigger checked;
alter table s.node enable row level security;
create policy mine on s.node for select using (status = 'a');
create view s.grouped as select n.id, n.mood, count(*) as n from s.node n group by n.id;
create materialized view s.second as select * from s.grouped with no data;
create materialized view s.a_third as select * from s.second with no data;
create unique index second_id on s.second (id);
create statistics s.related on id, parent from s.node;
create sequence s.alone start 5;
