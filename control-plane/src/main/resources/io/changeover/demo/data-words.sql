-- What the data is made of. Needs: set demo.scale, set demo.seed. Everything here is temporary.

-- 0 … sides-1, always the same for a row number, a purpose (salt) and a seed
create function pg_temp.dice(n bigint, salt integer, sides integer) returns integer
    language sql stable as $$
    select ((hashint8extended(n, current_setting('demo.seed')::bigint * 1000 + salt) & 9223372036854775807) % sides)::integer
$$;
create function pg_temp.pick(words text[], n bigint, salt integer) returns text
    language sql stable as $$
    select words[1 + pg_temp.dice(n, salt, cardinality(words))]
$$;
-- how many rows of a kind: so many at scale 1, never fewer than the data needs
create function pg_temp.size(at_scale_1 integer, at_least integer) returns integer
    language sql stable as $$
    select greatest(at_least, round(at_scale_1 * current_setting('demo.scale')::float8))::integer
$$;

create temporary table words on commit drop as
select
    array['Ada', 'Björn', 'Chloé', 'Dmitri', 'Esperança', 'Fatima', 'Grace', 'Haruto', 'Ingrid', 'José', 'Kofi',
          'Łucja', 'Mary', 'Nguyễn', 'Olga', 'Priya', 'Quentin', 'Róisín', 'Søren', 'Tomás', 'Uma', 'Vera',
          'Wei', 'Ximena', 'Yusuf', 'Zoë', '明美', 'Ольга'] as first_names,
    array['Abernathy', 'Bianchi', 'Castillo', 'D''Angelo', 'Eriksson', 'Fischer', 'García', 'Hughes', 'Ivanova',
          'Jansen', 'Kowalski', 'Lefèvre', 'Müller', 'Novák', 'O''Brien', 'Papadopoulos', 'Quispe', 'Rossi',
          'Smith-Jones', 'Tanaka', 'Usman', 'van der Berg', 'Wójcik', 'Xu', 'Yılmaz', 'Zimmermann'] as last_names,
    array['Amber', 'Broken', 'Crimson', 'Distant', 'Electric', 'Forgotten', 'Golden', 'Hidden', 'Iron', 'Jaded',
          'Kindred', 'Lunar', 'Midnight', 'Northern', 'Opal', 'Paper', 'Quiet', 'Restless', 'Silver', 'Twisted',
          'Unlikely', 'Velvet', 'Wild', 'Yellow', 'Zealous'] as adjectives,
    array['Academy', 'Balloon', 'Carnival', 'Dinosaur', 'Empire', 'Frontier', 'Garden', 'Harbour', 'Island',
          'Journey', 'Kingdom', 'Lighthouse', 'Masquerade', 'Nightingale', 'Orchestra', 'Paradise', 'Quarry',
          'Railway', 'Submarine', 'Telegraph', 'Umbrella', 'Voyage', 'Whisper', 'Xylophone', 'Zeppelin'] as nouns,
    array['astronaut', 'baker', 'cartographer', 'database administrator', 'explorer', 'forensic psychologist',
          'gardener', 'hunter', 'inventor', 'juggler', 'librarian', 'mad scientist', 'pastry chef',
          'robot', 'sumo wrestler', 'teacher'] as people,
    array['must find', 'falls in love with', 'has to outrun', 'teams up with', 'is mistaken for',
          'challenges', 'writes letters to', 'learns to trust'] as deeds,
    array['Station Road', 'High Street', 'Mill Lane', 'Rue de l''Église', 'Hauptstraße', 'Via Roma', 'Calle Mayor',
          'Church Walk', 'Park Avenue', 'Harbour Quay', 'ул. Ленина', 'Bahnhofplatz'] as streets,
    array['ford', 'ton', 'ville', 'burg', 'stad', 'grad', 'haven', 'mouth', 'field', 'bridge'] as city_ends,
    array['/', '/films', '/films/new', '/cart', '/account', '/help?q=%22late%20fee%22', '/films/42#reviews'] as pages;
