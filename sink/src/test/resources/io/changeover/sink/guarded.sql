-- what a guard has to set aside and put back: foreign keys of every kind, triggers and rules in every state
create schema "we""ird $1";
create function public.note() returns trigger language plpgsql as
  'begin insert into public.fired values (tg_table_name); return coalesce(new, old); end';
create table public.fired (name text);
create table public.parent (id int primary key, a int, b int, word text, unique (a, b), unique (word));
create table public.child (id int primary key, p int, a int, b int,
  constraint plain foreign key (p) references public.parent on delete cascade on update cascade,
  constraint composite foreign key (a, b) references public.parent (a, b) on delete set null,
  constraint full_match foreign key (a, b) references public.parent (a, b) match full on update set default);
create table public.deferred (id int primary key, p int, q int,
  constraint at_the_end foreign key (p) references public.parent deferrable initially deferred,
  constraint at_once foreign key (q) references public.parent on delete restrict deferrable);
comment on constraint at_the_end on public.deferred is E'it''s a \\ comment\nin lines';
create table public.node (id int primary key, up int constraint self references public.node on delete cascade);
create table public.egg (id int primary key, hen int);
create table public.hen (id int primary key, egg int references public.egg);
alter table public.egg add constraint cyclic foreign key (hen) references public.hen;
create table public.doubtful (id int primary key, p int);
insert into public.doubtful values (1, 99);
alter table public.doubtful add constraint unproved foreign key (p) references public.parent not valid;
create table "we""ird $1"."New
Line.Table" ("select" int primary key, "a""b" int,
  constraint "per%cent $1 '; -- c" foreign key ("a""b") references public.parent,
  constraint "sixty_three_bytes_long_names_are_the_longest_that_fit_in_a_name" foreign key ("select")
    references public.parent on delete cascade);
create table public.parted (id int, day int, p int constraint up references public.parent on delete cascade,
  primary key (id, day)) partition by range (day);
create table public.parted_1 partition of public.parted for values from (0) to (10);
create table public.parted_2 partition of public.parted for values from (10) to (20) partition by list (day);
create table public.parted_2a partition of public.parted_2 for values in (10, 11);
create table public.own_key (id int not null, day int not null, p int
  constraint another_name references public.parent on delete cascade);
comment on constraint another_name on public.own_key is 'was there before';
alter table public.parted attach partition public.own_key for values from (20) to (30);
create table public.to_parted (id int primary key, x int, y int,
  constraint to_parted_key foreign key (x, y) references public.parted on delete cascade);
alter table public.parted add column other int;
alter table public.parted add column other_day int;
alter table public.parted add constraint both_parted foreign key (other, other_day) references public.parted;
create trigger ordinary before insert or update or delete on public.child
  for each row execute function public.note();
create trigger always before insert or update or delete on public.child
  for each row execute function public.note();
create trigger replica after insert or update or delete on public.child
  for each row execute function public.note();
create trigger off after insert on public.child for each row execute function public.note();
create trigger statement after insert on public.child for each statement execute function public.note();
create constraint trigger later after insert on public.child initially deferred
  for each row execute function public.note();
alter table public.child enable always trigger always;
alter table public.child enable replica trigger replica;
alter table public.child disable trigger off;
comment on trigger ordinary on public.child is 'an ordinary one';
create trigger "tr""igger 'x' $1" before truncate on "we""ird $1"."New
Line.Table" for each statement execute function public.note();
create rule ordinary as on insert to public.hen do also insert into public.fired values ('rule');
create rule always as on update to public.hen do also insert into public.fired values ('rule');
create rule replica as on delete to public.hen do also insert into public.fired values ('rule');
create rule off as on delete to public.egg do instead nothing;
alter table public.hen enable always rule always;
alter table public.hen enable replica rule replica;
alter table public.egg disable rule off;
create trigger on_parted after insert or update or delete on public.parted
  for each row execute function public.note();
comment on trigger on_parted on public.parted is 'for all partitions';
create trigger on_leaf after insert on public.parted_1 for each row execute function public.note();
