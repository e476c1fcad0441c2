create table public.unenforced (id int primary key, p int,
  constraint said foreign key (p) references public.parent not enforced);
alter table public.parted add constraint not_proved foreign key (p) references public.parent not valid;
create table public.room (id int4range, at int4range, primary key (id, at without overlaps));
create table public.stay (id int, room int4range, at int4range,
  constraint within foreign key (room, period at) references public.room (id, period at));
