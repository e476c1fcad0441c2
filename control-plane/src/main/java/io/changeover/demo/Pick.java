package io.changeover.demo;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Random choices: rows by their key, words from a list. */
final class Pick {

    private static final List<String> WORDS = List.of(
            "Amélie",
            "Jack",
            "O'Hara",
            "\\N",
            "日本",
            "a\tb",
            "",
            "\"quoted\"",
            "Zoë \uD83C\uDFAC",
            "line\nbreak",
            "NULL",
            "Smith");

    private final RandomGenerator random;

    Pick(RandomGenerator random) {
        this.random = random;
    }

    /** A film that exists; films are never deleted. */
    Optional<Long> film(Session session) throws SQLException {
        return session.number("""
                select film_id from public.film
                 where film_id >= (select floor(? * max(film_id))::bigint from public.film)
                 order by film_id limit 1""", random.nextDouble());
    }

    /** As {@link #film}, and nobody else changes it or its cast until the end of the transaction. */
    Optional<Long> filmForMe(Session session) throws SQLException {
        Optional<Long> film = film(session);
        if (film.isPresent()) {
            session.number("select film_id from public.film where film_id = ? for no key update", film.get());
        }
        return film;
    }

    /** A customer who will not be deleted before the end of the transaction; empty if that has just happened. */
    Optional<Long> customer(Session session) throws SQLException {
        return session.number("""
                select customer_id from public.customer
                 where customer_id >= (select floor(? * max(customer_id))::bigint from public.customer)
                 order by customer_id limit 1 for key share""", random.nextDouble());
    }

    /** A copy of a film on the shelf or not. */
    Optional<Long> copy(Session session) throws SQLException {
        return session.number("""
                select inventory_id from public.inventory
                 where inventory_id >= (select floor(? * max(inventory_id))::bigint from public.inventory)
                 order by inventory_id limit 1""", random.nextDouble());
    }

    /** A rental that may be deleted at any time. */
    Optional<Long> rental(Session session) throws SQLException {
        return session.number("""
                select rental_id from public.rental
                 where rental_id >= (select floor(? * max(rental_id))::bigint from public.rental)
                 order by rental_id limit 1""", random.nextDouble());
    }

    /** An invoice; its number may change at any time. */
    Optional<String> invoice(Session session) throws SQLException {
        return session.text("select invoice_no from public.invoice tablesample system (30) order by random() limit 1");
    }

    /** A word, some of them awkward. */
    String word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** True in {@code percent} of 100 cases. */
    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }
}
