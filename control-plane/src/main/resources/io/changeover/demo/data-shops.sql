-- Stores and staff (each needs the other: their foreign keys are checked at the end), customers, inventory.

insert into public.store (manager_staff_id, address_id, hours, closed_days)
select n * 2 - 1, pg_temp.size(5000, 50) + n,
       case when n % 4 = 0 then null else row(make_time(8 + n % 3, 30, 0), make_time(20, n * 5, 0.5))::public.opening_hours end,
       case when n % 2 = 0 then b'1000001' else b'0000000' end
  from generate_series(1, 10) n;

insert into public.staff (first_name, last_name, address_id, email, store_id, reports_to, username, password, picture)
select pg_temp.pick(w.first_names, n, 60), pg_temp.pick(w.last_names, n, 61), pg_temp.size(5000, 50) + 40 + n,
       'staff' || n || '@dvd.example', (n + 1) / 2, case when n % 2 = 0 then n - 1 end, 'staff' || n,
       case when n % 3 <> 0 then md5(n::text) end,
       case when n % 4 = 0 then decode('89504e470d0a1a0a' || repeat(md5(n::text), 200), 'hex') end
  from words w, generate_series(1, 20) n;

insert into public.customer (store_id, first_name, last_name, email, address_id, active, preferences, create_date, valid_until)
select 1 + pg_temp.dice(n, 62, 10), pg_temp.pick(w.first_names, n, 63), pg_temp.pick(w.last_names, n, 64),
       case when n % 25 <> 0 then 'Customer' || n || '@Mail.example' end,
       n,
       case when n % 31 = 0 then null else n % 9 <> 0 end,
       case n % 6 when 0 then null when 1 then '{}' when 2 then 'null' when 3 then '[1, [2, {"three": []}]]'
            else jsonb_build_object('newsletter', n % 2 = 0, 'limit', n / 100.0,
                                    'favourites', jsonb_build_array(n, null, 'a "quoted" \ word'),
                                    'address', jsonb_build_object('nested', jsonb_build_object('deep', ''))) end,
       date '2024-01-01' + pg_temp.dice(n, 65, 700),
       case n % 10 when 0 then '-infinity' when 1 then null when 2 then '2026-12-31 23:59:59.999999+00' else 'infinity' end::timestamptz
  from words w, generate_series(1, pg_temp.size(5000, 50)) n;

insert into public.inventory (film_id, store_id)
select 1 + pg_temp.dice(n, 66, pg_temp.size(3000, 60)), 1 + n % 10
  from generate_series(1, pg_temp.size(14000, 200)) n;
