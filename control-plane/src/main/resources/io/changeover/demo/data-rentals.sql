-- Rentals and what was paid for them, invoices, tariffs, journals.

-- every copy goes out about once a month from January 2026 on; some of the last round are not back yet
insert into public.rental (rental_date, inventory_id, customer_id, return_date, staff_id)
select r.rental_date, 1 + (n - 1) % r.copies, 1 + pg_temp.dice(n, 70, pg_temp.size(5000, 50)),
       case when n <= pg_temp.size(67000, 900)
            then r.rental_date + make_interval(days => 1 + pg_temp.dice(n, 71, 20), secs => pg_temp.dice(n, 72, 86400) / 7.0) end,
       1 + pg_temp.dice(n, 73, 20)
  from generate_series(1, pg_temp.size(70000, 1000)) n,
       lateral (select pg_temp.size(14000, 200) as copies,
                       timestamptz '2026-01-01 00:00:00+00' + (n - 1) / pg_temp.size(14000, 200) * interval '30 days'
                           + make_interval(secs => pg_temp.dice(n, 74, 8 * 86400) + n % 1000 / 1000.0) as rental_date) r;

insert into public.payment (customer_id, staff_id, rental_id, amount, payment_date)
select customer_id, staff_id, rental_id,
       case when rental_id % 50 = 0 then -4.99 when rental_id % 61 = 0 then 0 else 0.99 + rental_id % 9 end,
       rental_date + make_interval(mins => rental_id % 600)
  from public.rental order by rental_id;

-- of other years, and at no time at all
insert into public.payment (customer_id, staff_id, amount, payment_date)
select 1 + pg_temp.dice(n, 75, pg_temp.size(5000, 50)), 1 + n % 20,
       case when n % 10 = 0 then 'NaN' else n % 100 * 9.99 end,
       case n % 50 when 0 then 'infinity' when 1 then '-infinity'
            else timestamptz '2025-01-01 12:00:00+00' + n * interval '5 hours' end
  from generate_series(1, pg_temp.size(1000, 100)) n;

insert into public.invoice (invoice_no, customer_id, total, details, document, issued_at)
select 'INV-' || nextval('public.invoice_number_seq'),
       case when n % 7 <> 0 then 1 + pg_temp.dice(n, 76, pg_temp.size(5000, 50)) end,
       n * 1.25,
       case when n % 4 <> 0 then ('{"b" : 1,  "a":[true, null, 1e2], "b": "again", "line": ' || n || '}')::json end,
       case when n % 2 = 0 then repeat('Item ' || md5(n::text) || E'\t1\t4.99\r\n', 200) end,
       timestamp '2026-01-01' + n * interval '1 hour 1.000001 seconds'
  from generate_series(1, pg_temp.size(1500, 60)) n;

insert into public.season_tariff (code, valid, factor)
values ('before', '(,2026-01-01)', 1), ('winter', '[2026-01-01,2026-03-20)', 0.9), ('spring', '[2026-03-20,2026-06-21)', 1.05),
       ('summer', '[2026-06-21,2026-09-23)', 1.2), ('autumn', '[2026-09-23,)', 1), ('never', 'empty', 0);

insert into public.walk_in (name, note, bought_at)
select case when n % 5 <> 0 then pg_temp.pick(w.first_names, n, 77) end, case when n % 3 = 0 then null when n % 3 = 1 then '' else 'regular' end,
       timestamptz '2026-02-01 00:00:00+00' + n * interval '1 minute'
  from words w, generate_series(1, pg_temp.size(500, 30)) n;

-- every tenth visit is there three times
insert into public.visit_log (visited_at, customer_id, page, client, stayed, weight)
select timestamptz '2026-05-01 00:00:00+00' + n * interval '20 seconds', case when n % 4 <> 0 then pg_temp.dice(n, 78, 5000) end,
       pg_temp.pick(w.pages, n, 79), case when n % 6 = 0 then '2001:db8::/32' else '10.0.0.0' end::inet + n,
       case n % 5 when 0 then '1 day' when 1 then '24:00:00' when 2 then '-1 mons +3 days -00:00:01.5' when 3 then null else n * interval '1 second' end,
       case n % 50 when 0 then 'NaN' when 1 then 'Infinity' else n / 3.0::real end
  from words w, generate_series(1, pg_temp.size(9000, 100)) n, lateral generate_series(1, case when n % 10 = 0 then 3 else 1 end);

insert into public.top_film (film_id, rentals)
select i.film_id, count(*) from public.rental r join public.inventory i on i.inventory_id = r.inventory_id
 group by i.film_id order by count(*) desc, i.film_id limit 10;
