-- types of the matrix that are not the system's; run by the role of the capture
create type public."Mood's" as enum ('a', 'with "quote"', 'with,comma', ' ', '', 'NULL', 'null', '{}', 'back\slash',
    'it''s', 'ä€😀', '(x)');
create type public.pair as (n numeric, "T ""x" text);
create type public.nested as (p public.pair, ps public.pair[], m public."Mood's", d date, b bytea, i interval,
    f double precision, t timestamptz);
create type public.nothing as ();
create type public.floatrange as range (subtype = float8);
create type public.textrange as range (subtype = text);
create domain public.price as numeric(12, 2) check (value <> 13);
create domain public.cheap as public.price;
create domain public.words as text[];
create table public."Tab le" (id int);
