package io.changeover.demo;

import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Optional;

/** The table without a key, the table that is emptied and filled, and transactions that do not go straight on. */
final class JournalWork {

    private static final String ANY_VISIT = "(select ctid from public.visit_log tablesample system (20) limit 1)";

    private JournalWork() {}

    /** The same visit up to three times. */
    static Outcome visit(Session session, Pick pick) throws SQLException {
        return Outcome.of(session.update("""
                insert into public.visit_log (visited_at, customer_id, page, client, stayed, weight)
                select now(), ?, ?, '192.0.2.1', case when copy = 2 then '24:00:00' else '1 day' end::interval, 0.1
                  from generate_series(1, ?) copy""", pick.below(5_000), pick.word(), 1 + pick.below(3)));
    }

    /** One of several equal visits changes. */
    static Outcome correctVisit(Session session, Pick pick) throws SQLException {
        return Outcome.of(session.update(
                "update public.visit_log set page = ?, stayed = stayed + interval '1 second' where ctid = " + ANY_VISIT,
                pick.word()));
    }

    /** One of several equal visits is forgotten. */
    static Outcome forgetVisit(Session session, Pick pick) throws SQLException {
        return Outcome.of(session.update("delete from public.visit_log where ctid = " + ANY_VISIT));
    }

    /** Empties and fills in one transaction; the numbers begin at 1 again. */
    static Outcome rankFilms(Session session, Pick pick) throws SQLException {
        Optional<Long> film = pick.film(session);
        if (film.isEmpty()) {
            return Outcome.LOST_RACE;
        }
        session.update("truncate public.top_film restart identity");
        return Outcome.of(session.update("""
                insert into public.top_film (film_id, rentals)
                select film_id, ? from public.film where film_id >= ? order by film_id limit 10""", pick.below(1_000), film.get()));
    }

    /** A guest without a name; the number is from a sequence that counts down and that sessions cache. */
    static Outcome walkIn(Session session, Pick pick) throws SQLException {
        return Outcome.of(session.update("insert into public.walk_in (name) values (nullif(?, ''))", pick.word()));
    }

    /** A tariff, whose code stands in for a primary key, gets another code and perhaps another factor. */
    static Outcome changeTariff(Session session, Pick pick) throws SQLException {
        return Outcome.of(
                session.update("""
                update public.season_tariff set code = split_part(code, '~', 1) || ?, factor = (1 + ? * 0.001)
                 where split_part(code, '~', 1) = (array['before', 'winter', 'spring', 'summer', 'autumn', 'never'])[?]""", pick.chance(50) ? "~" + pick.below(100) : "", pick.below(100), 1 + pick.below(6)));
    }

    /** Part of the work fails and is taken back, the rest is kept. */
    static Outcome tryTwice(Session session, Pick pick) throws SQLException {
        Outcome walkIn = walkIn(session, pick);
        Savepoint before = session.savepoint();
        visit(session, pick);
        session.update("update public.film set length = 1 where film_id = (select min(film_id) from public.film)");
        session.rollbackTo(before);
        visit(session, pick);
        session.savepoint();
        session.update("update public.staff set active = not active where staff_id = ?", 1 + pick.below(20));
        return walkIn;
    }

    /** A customer who joins and thinks better of it: nothing of this may ever be seen. */
    static Outcome changeMind(Session session, Pick pick) throws SQLException {
        CustomerWork.join(session, pick);
        visit(session, pick);
        return Outcome.CHANGED_MIND;
    }
}
