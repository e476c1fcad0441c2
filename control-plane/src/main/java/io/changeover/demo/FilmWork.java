package io.changeover.demo;

import java.sql.SQLException;
import java.util.Optional;

/** The catalogue: films with and without their large script, casts, categories, copies. */
final class FilmWork {

    private FilmWork() {}

    /** A film with its category, its script and two copies. */
    static Outcome release(Session session, Pick pick) throws SQLException {
        Optional<String> category = session.text(
                "select code from public.category order by code offset ? limit 1 for key share", pick.below(16));
        if (category.isEmpty()) {
            return Outcome.LOST_RACE;
        }
        Optional<Long> film =
                session.number("""
                insert into public.film (title, description, release_year, language_id, script)
                values ('The ' || ?::text, ?, ?, ?, repeat(?::text || ' enters. ', 1000)) returning film_id""", pick.word(), pick.word(), 1950 + pick.below(70), 1 + pick.below(6), pick.word());
        session.update(
                "insert into public.film_category (film_id, category_code) values (?, ?)",
                film.orElseThrow(),
                category.get());
        return Outcome.of(session.update(
                "insert into public.inventory (film_id, store_id) select ?, store from generate_series(1, 2) store",
                film.get()));
    }

    /** A new price: the script is not sent, the price per day is computed anew. */
    static Outcome reprice(Session session, Pick pick) throws SQLException {
        Optional<Long> film = pick.film(session);
        return film.isEmpty()
                ? Outcome.LOST_RACE
                : Outcome.of(session.update(
                        "update public.film set rental_rate = ? * 0.01 where film_id = ?",
                        pick.below(1_000),
                        film.get()));
    }

    /** Twenty films at once, in the order of their keys, so that two of these do not wait for each other. */
    static Outcome sale(Session session, Pick pick) throws SQLException {
        Optional<Long> film = pick.film(session);
        return film.isEmpty() ? Outcome.LOST_RACE : Outcome.of(session.update("""
                        update public.film set rental_duration = 3 + (rental_duration + 1) % 5, score = -score
                         where film_id between ? and ? + 19""", film.get(), film.get()));
    }

    /** The script itself changes, and perhaps the title, which a trigger indexes. */
    static Outcome rewrite(Session session, Pick pick) throws SQLException {
        Optional<Long> film = pick.film(session);
        return film.isEmpty()
                ? Outcome.LOST_RACE
                : Outcome.of(session.update(
                        """
                        update public.film set script = repeat(?::text || md5(random()::text), ?), title = title || ?,
                               special_features = array[?, null, '{}']
                         where film_id = ? and length(title) < 200""", pick.word(), pick.below(600), pick.chance(30) ? " II" : "", pick.word(), film.get()));
    }

    /** An actor joins a film, or the last one leaves it. */
    static Outcome recast(Session session, Pick pick) throws SQLException {
        Optional<Long> film = pick.filmForMe(session);
        if (film.isEmpty()) {
            return Outcome.LOST_RACE;
        }
        if (pick.chance(50)) {
            return Outcome.of(session.update("""
                    delete from public.film_actor fa
                     where film_id = ? and billing = (select max(billing) from public.film_actor where film_id = fa.film_id)""", film.get()));
        }
        return Outcome.of(session.update("""
                insert into public.film_actor (actor_id, film_id, billing)
                select ?, ?, coalesce(max(billing), 0) + 1 from public.film_actor where film_id = ?
                on conflict on constraint film_actor_pkey do nothing""", 1 + pick.below(40), film.get(), film.get()));
    }

    /** Two actors change places, in two statements; their uniqueness is checked at the commit. */
    static Outcome swapBilling(Session session, Pick pick) throws SQLException {
        Optional<Long> film = pick.filmForMe(session);
        if (film.isEmpty()) {
            return Outcome.LOST_RACE;
        }
        Optional<Long> first = actor(session, film.get(), 1);
        Optional<Long> second = actor(session, film.get(), 2);
        if (first.isEmpty() || second.isEmpty()) {
            return Outcome.LOST_RACE;
        }
        bill(session, film.get(), first.get(), 2);
        bill(session, film.get(), second.get(), 1);
        return Outcome.DONE;
    }

    private static Optional<Long> actor(Session session, long film, int billing) throws SQLException {
        return session.number(
                "select actor_id from public.film_actor where film_id = ? and billing = ?", film, billing);
    }

    private static void bill(Session session, long film, long actor, int billing) throws SQLException {
        session.update(
                "update public.film_actor set billing = ? where film_id = ? and actor_id = ?", billing, film, actor);
    }

    /** A category gets another key, and by cascade its films and its subcategories. */
    static Outcome recodeCategory(Session session, Pick pick) throws SQLException {
        Optional<String> code =
                session.text("select code from public.category order by code offset ? limit 1", pick.below(16));
        return code.isEmpty()
                ? Outcome.LOST_RACE
                : Outcome.of(session.update(
                        "update public.category set code = split_part(code, '~', 1) || '~' || ?::text where code = ?",
                        pick.below(1_000),
                        code.get()));
    }

    /** A copy goes to another store; the trigger there fires always. */
    static Outcome moveCopy(Session session, Pick pick) throws SQLException {
        Optional<Long> copy = pick.copy(session);
        return copy.isEmpty()
                ? Outcome.LOST_RACE
                : Outcome.of(session.update(
                        "update public.inventory set store_id = ? where inventory_id = ?",
                        1 + pick.below(10),
                        copy.get()));
    }
}
