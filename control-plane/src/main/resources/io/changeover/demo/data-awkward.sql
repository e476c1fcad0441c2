-- What breaks a migration that is careless about text, time or numbers. The rows get ordinary keys.

insert into public.film (title, description, release_year, language_id, rental_rate, replacement_cost, rating,
                         special_features, box_office, score, poster, script)
values
    ('', '', 1888, 1, 0, null, null, null, null, null, '', ''),
    ('\N', 'NULL', 2155, 1, 99.99, -999.99, 'NC-17', '{}', 'NaN', 'NaN'::float8, '\x00', '\.'),
    (E'Tab\there, newline\nthere, return\r\nand \\ backslash', E'"double", ''single'', `back`, $$dollar$$, ; -- /* */', null, 2,
     4.99, 'NaN', 'PG-13', array['', 'NULL', null, '"', '\', ',', '{}', ' '], 0.000000000000000000001, float8 '-Infinity', '\xdeadbeef', E'\t'),
    (E'\U0001F3AC The \U0001F468\u200D\U0001F469\u200D\U0001F467 Picture', E'Zürich e\u0301\u200F\u05E9\u05DC\u05D5\u05DD\uFEFF\uFFFD', 2000, 4,
     1.00, 0.10, 'G', array[array['a', 'b'], array['c', null]], 12345678901234567890123456789012345678.90, 5e-324, decode(repeat('00ff27225c', 600), 'hex'),
     repeat(E'\U0001F98A \\''"\n', 3000)),
    ('{"not": "json"', '<xml/>&amp;%20', 1999, 3, 2.50, 1e2, 'R', '[0:1]={x,y}', -0.0, 1.7976931348623157e308, null, repeat('x', 100000)),
    (' leading and trailing ', E'\u0001\u001F\u007F\u0085\u2028', 2001, 5, 3.00, 12.3, 'PG', '{" "}', 1e131, 0.1, null, null);

insert into public.customer (store_id, first_name, last_name, email, address_id, active, preferences, create_date, valid_until)
select 1, v.first_name, v.last_name, v.email, pg_temp.size(5000, 50) + 60 + v.n, v.active, v.preferences, v.create_date, v.valid_until
  from (values
    (1, '', '', '', null::boolean, null::jsonb, date 'infinity', null::timestamptz),
    (2, 'Robert''); drop table students;--', E'"\\', 'İ@ß.example', false, 'null', date '-infinity', timestamptz '-infinity'),
    (3, E'\U0001F600', 'NULL', 'null', true, '""', date '0044-03-15 BC', timestamptz '4713-01-01 00:00:00+00 BC'),
    (4, 'Zero', E'a\tb\nc', E'tab\t@mail.example', true, '{"": {"": [{}, [], "", null, 1e400, -0.0, "\u00e9\ud83d\ude00\\\"\/\b"]}}',
     date '9999-12-31', timestamptz '294276-12-31 23:59:59.999999+00'),
    (5, 'Leap', 'Second', null, true, '[[[[[[["deep"]]]]]]]', date '2024-02-29', timestamptz '1883-11-18 12:03:58+00')
  ) v (n, first_name, last_name, email, active, preferences, create_date, valid_until);

insert into public.visit_log values
    (null, null, null, null, null, null), (null, null, null, null, null, null),
    ('infinity', 0, '', '::1', '-178000000 years', real '-0'), ('-infinity', -1, E'\\N\t', '0.0.0.0/0', '00:00:00', real '1e-45'),
    ('infinity', 0, '', '::1', '-178000000 years', '0');
