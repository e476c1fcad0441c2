-- Views, a materialized view, functions that read, one aggregate.

create function public.join_with_commas(words text[]) returns text
    language sql immutable as $$
    select pg_catalog.array_to_string(words, ', ')
$$;
create aggregate public.comma_list(text) (
    sfunc = pg_catalog.array_append, stype = text[], initcond = '{}', finalfunc = public.join_with_commas
);

create view public.film_list as
    select f.film_id, f.title, f.rating, f.price_per_day, l.name as language,
           public.comma_list(a.first_name || ' ' || a.last_name order by fa.billing) as actors
      from public.film f
      join public.language l on l.language_id = f.language_id
      left join public.film_actor fa on fa.film_id = f.film_id
      left join public.actor a on a.actor_id = fa.actor_id
     group by f.film_id, l.language_id;

create view public.customer_list as
    select cu.customer_id, cu.full_name, a.address, a.postal_code, ci.city, co.country, cu.store_id
      from public.customer cu
      join public.address a on a.address_id = cu.address_id
      join public.city ci on ci.city_id = a.city_id
      join public.country co on co.country_id = ci.country_id;

create view public.active_customer as
    select customer_id, first_name, last_name, email, active from public.customer where active
    with cascaded check option;

create materialized view public.sales_by_category as
    select c.code, c.name, count(*) as payments, sum(p.amount) as total
      from public.payment p
      join public.rental r on r.rental_id = p.rental_id
      join public.inventory i on i.inventory_id = r.inventory_id
      join public.film_category fc on fc.film_id = i.film_id
      join public.category c on c.code = fc.category_code
     group by c.code
    with no data;
create unique index sales_by_category_code on public.sales_by_category (code);

create function public.film_in_stock(film integer, store integer) returns setof integer
    language sql stable as $$
    select i.inventory_id from public.inventory i
     where i.film_id = film and i.store_id = store
       and not exists (select from public.rental r where r.inventory_id = i.inventory_id and r.return_date is null)
$$;

create function public.customer_balance(customer integer, at timestamptz) returns numeric
    language plpgsql stable set search_path = public, pg_temp as $$
declare
    due numeric;
    paid numeric;
begin
    select coalesce(sum(f.rental_rate), 0) into due
      from rental r join inventory i using (inventory_id) join film f using (film_id)
     where r.customer_id = customer and r.rental_date <= at;
    select coalesce(sum(p.amount), 0) into paid
      from payment p where p.customer_id = customer and p.payment_date <= at;
    return due - paid;
end
$$;

create procedure public.refresh_sales()
    language plpgsql as $$
begin
    refresh materialized view public.sales_by_category;
end
$$;

grant select on public.film_list, public.sales_by_category to public;
revoke execute on procedure public.refresh_sales() from public;
