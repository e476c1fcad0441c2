-- What there is from PostgreSQL 15 on.
create table u_nulls (id int primary key, u int, v int, unique nulls not distinct (u));
create table t_newer (id int primary key, c1 int4multirange, c2 numeric(4, -2), c3 xid8);
