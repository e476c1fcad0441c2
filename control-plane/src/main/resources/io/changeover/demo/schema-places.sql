-- Countries, cities, addresses.

create table public.country (
    country_id integer generated always as identity primary key,
    code character(3) not null unique,
    country text not null,
    last_update timestamptz not null default now()
);

create table public.city (
    city_id serial primary key,
    city text not null,
    country_id integer not null references public.country (country_id),
    last_update timestamptz not null default now(),
    unique (country_id, city)
);

create table public.address (
    address_id serial primary key,
    address text not null,
    address2 text default '',
    district text not null default '',
    city_id integer not null references public.city (city_id),
    postal_code varchar(10),
    phone text not null default '',
    location point,
    last_update timestamptz not null default now()
);
create index address_city on public.address (city_id);
comment on column public.address.address2 is 'Empty means: there is none. NULL means: nobody asked.';
