package io.changeover.demo;

import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** Customers come, change and go. */
final class CustomerWork {

    private CustomerWork() {}

    /** An address and its customer. */
    static Outcome join(Session session, Pick pick) throws SQLException {
        Optional<Long> address =
                session.number("""
                insert into public.address (address, address2, district, city_id, postal_code)
                values (? || ' Road', nullif(?, ''), ?, ?, lpad(?::text, 5, '0'))
                returning address_id""", pick.below(300), pick.word(), pick.word(), 1 + pick.below(40), pick.below(100_000));
        return Outcome.of(session.update(
                """
                insert into public.customer (store_id, first_name, last_name, email, address_id, preferences)
                values (?, ?, ?, ?, ?, jsonb_build_object('joined', clock_timestamp(), 'likes', array[?, null]))""", 1 + pick.below(10), pick.word(), pick.word(), email(), address.orElseThrow(), pick.word()));
    }

    /** A new mail address; preferences that are no object become one. */
    static Outcome change(Session session, Pick pick) throws SQLException {
        Optional<Long> customer = pick.customer(session);
        if (customer.isEmpty()) {
            return Outcome.LOST_RACE;
        }
        return Outcome.of(
                session.update("""
                update public.customer
                   set email = nullif(?, ''),
                       active = not active,
                       preferences = case when jsonb_typeof(preferences) = 'object'
                                          then preferences || jsonb_build_object(?::text, ?::int) else '{"again": {}}' end
                 where customer_id = ?""", pick.chance(5) ? "" : email(), pick.word(), pick.below(1_000), customer.get()));
    }

    /** Several customers at once. */
    static Outcome extend(Session session, Pick pick) throws SQLException {
        Optional<Long> customer = pick.customer(session);
        return customer.isEmpty() ? Outcome.LOST_RACE : Outcome.of(session.update("""
                        update public.customer set valid_until = valid_until + interval '1 month'
                         where customer_id between ? and ? + 7 and isfinite(valid_until)
                           and valid_until < timestamptz '2100-01-01 00:00:00+00'""", customer.get(), customer.get()));
    }

    /** Everything of a customer goes: by cascade, or by an application that does not trust it. */
    static Outcome leave(Session session, Pick pick) throws SQLException {
        Optional<Long> customer = pick.customer(session);
        if (customer.isEmpty()) {
            return Outcome.LOST_RACE;
        }
        if (pick.chance(50)) {
            session.update("delete from public.payment where customer_id = ?", customer.get());
            session.update("delete from public.rental where customer_id = ?", customer.get());
        }
        Optional<Long> address = session.number(
                "delete from public.customer where customer_id = ? returning address_id", customer.get());
        return address.isEmpty()
                ? Outcome.LOST_RACE
                : Outcome.of(session.update("delete from public.address where address_id = ?", address.get()));
    }

    private static String email() {
        return "New." + UUID.randomUUID() + "@mail.example";
    }
}
