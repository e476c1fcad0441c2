-- Types, domains, sequences of their own, and the functions that tables and indexes need.

create type public.mpaa_rating as enum ('G', 'PG', 'R', 'NC-17');
alter type public.mpaa_rating add value 'PG-13' before 'R';
comment on type public.mpaa_rating is 'Who may watch a film; PG-13 came later than the others';

create domain public.year as integer
    constraint year_of_cinema check (value between 1888 and 2155);
create type public.opening_hours as (opens time, closes time);

-- owned by no column: the application calls nextval itself
create sequence public.invoice_number_seq start with 1000;
comment on sequence public.invoice_number_seq is 'Numbers of invoices, drawn by the application';

-- counts down, and every session takes ten at a time
create sequence public.walk_in_number_seq as integer increment by -1 minvalue -2000000000 maxvalue -1 start with -1 cache 10;

-- never used: its next value is its start
create sequence public.gift_card_seq start with 500000 increment by 7;

create function public.set_last_update() returns trigger
    language plpgsql set search_path = pg_catalog as $$
begin
    new.last_update := now();
    return new;
end
$$;

create function public.sort_title(title text) returns text
    language sql immutable strict parallel safe as $$
    select pg_catalog.regexp_replace(pg_catalog.lower(title), '^(the|an?) ', '')
$$;
comment on function public.sort_title(text) is 'A title as shops sort it: without its article';

create function public.last_day(of_month date) returns date
    language sql immutable strict as $$
    select (pg_catalog.date_trunc('month', of_month::timestamp) + interval '1 month - 1 day')::date
$$;
