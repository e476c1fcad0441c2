-- What the target has that the source has not.
create trigger spoil before insert or update on s_trigger for each row execute function public.spoil();
create rule nothing as on update to s_rule do instead nothing;
create rule neither as on insert to s_rule do instead nothing;
drop table o_order;
create table o_order (c numeric, b int, gone int, a text, id int primary key);
alter table o_order drop gone;
alter table o_extra add e1 int default 7, add e2 text not null default 'x', add e3 int, add e4 serial;
alter table n_extra add e1 int default 7, add e2 text not null default 'x';
