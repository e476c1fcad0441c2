-- Languages, categories, actors, films.

insert into public.language (name)
values ('English'), ('Français'), ('Deutsch'), ('日本語'), ('Italiano'), ('Tiếng Việt');

insert into public.category (code, name, parent_code)
values ('fiction', 'Fiction', null), ('nonfiction', 'Non-fiction', null), ('family', 'Family', null),
       ('action', 'Action', 'fiction'), ('animation', 'Animation', 'family'), ('children', 'Children''s', 'family'),
       ('classics', 'Classics', null), ('comedy', 'Comedy', 'fiction'), ('documentary', 'Documentary', 'nonfiction'),
       ('drama', 'Drama', 'fiction'), ('foreign', 'Foreign', null), ('games', 'Games', 'family'),
       ('horror', 'Horror', 'fiction'), ('music', 'Music', 'nonfiction'), ('sci-fi', 'Sci-Fi', 'fiction'),
       ('sports', 'Sports & "Extreme"', 'nonfiction');

insert into public.actor (first_name, last_name, born)
select pg_temp.pick(w.first_names, n, 20), pg_temp.pick(w.last_names, n, 21),
       case when n % 9 <> 0 then date '1930-01-01' + pg_temp.dice(n, 22, 27000) end
  from words w, generate_series(1, pg_temp.size(600, 40)) n;

insert into public.film (title, description, release_year, language_id, original_language_id, rental_duration,
                         rental_rate, length, replacement_cost, rating, special_features, box_office, score,
                         sequel_of, poster, script)
select t.title,
       'A ' || lower(pg_temp.pick(w.adjectives, n, 30)) || ' story of a ' || pg_temp.pick(w.people, n, 31) || ' who '
           || pg_temp.pick(w.deeds, n, 32) || ' a ' || pg_temp.pick(w.people, n, 33) || ' in ' || pg_temp.pick(w.nouns, n, 34),
       case when n % 17 <> 0 then 1920 + pg_temp.dice(n, 35, 106) end,
       1 + pg_temp.dice(n, 36, 6),
       case when n % 8 = 0 then 1 + pg_temp.dice(n, 37, 6) end,
       3 + pg_temp.dice(n, 38, 5),
       0.99 + pg_temp.dice(n, 39, 5),
       case when n % 23 <> 0 then 46 + pg_temp.dice(n, 40, 140) end,
       case when n % 19 <> 0 then 9.99 + pg_temp.dice(n, 41, 21) end,
       case when n % 29 <> 0 then (enum_range(null::public.mpaa_rating))[1 + pg_temp.dice(n, 42, 5)] end,
       case n % 6 when 0 then null when 1 then '{}' when 2 then array['Trailers', null]
            when 3 then array['Deleted Scenes', 'Behind the Scenes'] else array['Commentaries', 'He said "cut, {cut}"'] end,
       case n % 10 when 0 then 'NaN' when 1 then -pg_temp.dice(n, 43, 1000000) / 3.0 when 2 then null
            else pg_temp.dice(n, 44, 2000000000) * 1.50 end,
       case n % 40 when 0 then 'NaN' when 1 then 'Infinity' when 2 then '-0' when 3 then null
            else pg_temp.dice(n, 45, 1000) / 7.0::float8 end,
       case when n % 12 = 0 then n - 1 - pg_temp.dice(n, 46, 10) end,
       case n % 20 when 0 then ''::bytea when 1 then decode('ffd8ff00' || repeat(md5(n::text), 40), 'hex') end,
       case when n % 6 = 0 then repeat('INT. ' || upper(t.title) || ' – NIGHT. Nobody speaks. ' || md5(n::text) || E'\n', 120)
            when n % 6 = 1 then '' end
  from words w, generate_series(1, pg_temp.size(3000, 60)) n,
       lateral (select pg_temp.pick(w.adjectives, n, 47) || ' ' || pg_temp.pick(w.nouns, n, 48) as title) t;

insert into public.film_actor (actor_id, film_id, billing)
select 1 + (pg_temp.dice(film, 50, pg_temp.size(600, 40)) + billing * 37) % pg_temp.size(600, 40), film, billing
  from generate_series(1, pg_temp.size(3000, 60)) film,
       lateral generate_series(1, 3 + pg_temp.dice(film, 51, 5)) billing
    on conflict on constraint film_actor_pkey do nothing;

insert into public.film_category (film_id, category_code)
select film, c.codes[1 + (pg_temp.dice(film, 52, 16) + k * 5) % 16]
  from (select array_agg(code order by code) as codes from public.category) c,
       generate_series(1, pg_temp.size(3000, 60)) film,
       lateral generate_series(0, case when film % 5 = 0 then 1 else 0 end) k;
