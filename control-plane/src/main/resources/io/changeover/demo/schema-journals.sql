-- What the application writes for itself.

-- no key, and the same row more than once; intervals that are equal and not the same ('1 day', '24:00:00')
create table public.visit_log (
    visited_at timestamptz,
    customer_id integer,
    page text,
    client inet,
    stayed interval,
    weight real
);
alter table public.visit_log replica identity full;
create index visit_log_time on public.visit_log using brin (visited_at);

-- emptied and filled again in one transaction
create table public.top_film (
    rank integer generated always as identity primary key,
    film_id integer not null references public.film (film_id),
    rentals bigint not null
);

-- one row per committed transaction of the write load, never changed
create table public.receipt (
    id uuid primary key,
    action text not null,
    issued_at timestamptz not null default clock_timestamp()
);
comment on table public.receipt is 'What the write load was told to be committed';
