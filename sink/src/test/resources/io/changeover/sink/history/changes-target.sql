-- Where the target is other than the source.
alter table c_default alter v set default 'of the target', alter n set default 7;
drop table c_unpartitioned;
create table c_unpartitioned (v text, region text, id int primary key) partition by hash (id);
create table c_unpartitioned_0 partition of c_unpartitioned for values with (modulus 2, remainder 0);
create table c_unpartitioned_1 (gone int, id int not null, v text, region text);
alter table c_unpartitioned_1 drop gone;
alter table c_unpartitioned attach partition c_unpartitioned_1 for values with (modulus 2, remainder 1);
alter table c_altered alter v type bigint, add added text default 'before';
alter table c_equal_rows add more int default 3;
