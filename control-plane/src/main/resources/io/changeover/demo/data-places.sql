-- Countries, cities, addresses. Rows are inserted in the order of their number, so number and key agree.

insert into public.country (code, country)
select chr(65 + n / 26 % 26) || chr(65 + n % 26) || case when n % 4 = 0 then '' else 'X' end,
       pg_temp.pick(w.adjectives, n, 1) || ' ' || case n % 3 when 0 then 'Republic' when 1 then 'Islands' else 'Kingdom' end
  from words w, generate_series(1, 109) n;

insert into public.city (city, country_id)
select pg_temp.pick(w.last_names, n, 2) || pg_temp.pick(w.city_ends, n, 3) || case when n > 109 then ' ' || n else '' end,
       1 + (n - 1) % 109
  from words w, generate_series(1, pg_temp.size(600, 40)) n;

-- one for each customer, and twice 40 for staff and stores
insert into public.address (address, address2, district, city_id, postal_code, phone, location)
select (1 + pg_temp.dice(n, 4, 400)) || ' ' || pg_temp.pick(w.streets, n, 5),
       case n % 5 when 0 then null when 1 then 'Flat ' || n % 30 else '' end,
       case when n % 7 = 0 then '' else pg_temp.pick(w.nouns, n, 6) end,
       1 + pg_temp.dice(n, 7, pg_temp.size(600, 40)),
       case when n % 11 <> 0 then lpad(pg_temp.dice(n, 8, 100000)::text, 5, '0') end,
       case when n % 13 = 0 then '' else '+' || (10000000000 + pg_temp.dice(n, 9, 1000000000)) end,
       case when n % 3 = 0 then point(pg_temp.dice(n, 10, 36000) / 100.0 - 180, pg_temp.dice(n, 11, 18000) / 100.0 - 90) end
  from words w, generate_series(1, pg_temp.size(5000, 50) + 80) n;
