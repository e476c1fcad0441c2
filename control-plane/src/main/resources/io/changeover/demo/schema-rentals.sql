-- The business: rentals, payments by month, invoices, tariffs.

create table public.rental (
    rental_id integer generated always as identity primary key,
    rental_date timestamptz not null,
    inventory_id integer not null references public.inventory (inventory_id),
    customer_id integer not null references public.customer (customer_id) on delete cascade,
    return_date timestamptz,
    staff_id integer not null references public.staff (staff_id),
    last_update timestamptz not null default now(),
    constraint rental_once unique (rental_date, inventory_id, customer_id),
    constraint returned_later check (return_date >= rental_date)
);
-- a copy is with one customer at a time
create unique index rental_open on public.rental (inventory_id) where return_date is null;
create index rental_customer on public.rental (customer_id);
create trigger last_update before update on public.rental
    for each row execute function public.set_last_update();

create table public.payment (
    payment_id bigserial,
    customer_id integer not null references public.customer (customer_id) on delete cascade,
    staff_id integer not null references public.staff (staff_id),
    rental_id integer references public.rental (rental_id) on delete set null,
    amount numeric(5, 2) not null,
    payment_date timestamptz not null default now(),
    primary key (payment_date, payment_id)
) partition by range (payment_date);
comment on table public.payment is 'Negative amounts are refunds';

-- the oldest partition was a table of its own first: its columns have another order
create table public.payment_2026_01 (
    payment_date timestamptz not null default now(),
    amount numeric(5, 2) not null,
    rental_id integer,
    staff_id integer not null,
    customer_id integer not null,
    payment_id bigint not null default nextval('public.payment_payment_id_seq'),
    primary key (payment_date, payment_id)
);
alter table public.payment attach partition public.payment_2026_01
    for values from ('2026-01-01 00:00:00+00') to ('2026-02-01 00:00:00+00');

do $$
begin
    for month in 2 .. 12 loop
        execute format(
            'create table public.payment_2026_%s partition of public.payment for values from (%L) to (%L)',
            lpad(month::text, 2, '0'),
            make_timestamptz(2026, month, 1, 0, 0, 0, 'UTC'),
            make_timestamptz(2026, month, 1, 0, 0, 0, 'UTC') + interval '1 month');
    end loop;
end
$$;
create table public.payment_other partition of public.payment default;
create index payment_customer on public.payment (customer_id);
create index payment_rental on public.payment (rental_id);

-- the key is text, drawn from a sequence no column owns; a correction changes it and leaves the document unsent
create table public.invoice (
    invoice_no text collate "C" primary key,
    customer_id integer references public.customer (customer_id) on delete set null,
    total numeric(10, 2) not null,
    details json,
    document text,
    issued_at timestamp not null default localtimestamp
);
alter table public.invoice alter column document set storage external;
create index invoice_customer on public.invoice (customer_id);

-- no primary key: changes name their row by a unique index
create table public.season_tariff (
    code text not null,
    valid daterange not null,
    factor numeric(6, 3) not null default 1,
    constraint one_tariff_a_day exclude using gist (valid with &&)
);
create unique index season_tariff_code on public.season_tariff (code);
alter table public.season_tariff replica identity using index season_tariff_code;

create table public.walk_in (
    walk_in_id integer primary key default nextval('public.walk_in_number_seq'),
    name text,
    note text default 'none',
    bought_at timestamptz not null default now()
);
alter sequence public.walk_in_number_seq owned by public.walk_in.walk_in_id;
