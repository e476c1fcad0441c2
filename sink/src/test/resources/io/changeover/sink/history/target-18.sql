-- What there is from PostgreSQL 18 on.
alter table g_stored drop g;
alter table g_stored add g int generated always as (a * 2) virtual;
