create table public.listed (id int primary key, a int, b int,
  constraint column_list foreign key (a, b) references public.parent (a, b) on delete set null (b));
alter table only public.parted enable always trigger on_parted;
alter table only public.parted_1 enable replica trigger on_parted;
alter table only public.own_key disable trigger on_parted;
