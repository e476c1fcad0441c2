package io.changeover.demo;

import java.sql.SQLException;
import java.util.Optional;

/** What happens at the counter: rentals, returns, payments, invoices. Keys come from the tables' own sequences. */
final class RentalWork {

    private RentalWork() {}

    /** A customer takes a copy that is not rented out, and mostly pays at once. */
    static Outcome rent(Session session, Pick pick) throws SQLException {
        Optional<Long> customer = pick.customer(session);
        Optional<Long> copy = pick.copy(session);
        if (customer.isEmpty() || copy.isEmpty()) {
            return Outcome.LOST_RACE;
        }
        long staff = 1L + pick.below(20);
        // the target of the conflict is named: a collision of the generated key has to be an error
        Optional<Long> rental = session.number("""
                insert into public.rental (rental_date, inventory_id, customer_id, staff_id)
                values (clock_timestamp(), ?, ?, ?)
                on conflict (inventory_id) where return_date is null do nothing
                returning rental_id""", copy.get(), customer.get(), staff);
        if (rental.isPresent() && pick.chance(90)) {
            pay(session, pick, customer.get(), staff, rental.get());
        }
        return rental.isPresent() ? Outcome.DONE : Outcome.LOST_RACE;
    }

    /** A copy comes back, perhaps late. */
    static Outcome giveBack(Session session, Pick pick) throws SQLException {
        Optional<Long> copy = pick.copy(session);
        if (copy.isEmpty()) {
            return Outcome.LOST_RACE;
        }
        Optional<Long> rental = session.number("""
                update public.rental set return_date = greatest(rental_date, clock_timestamp())
                 where return_date is null
                   and rental_id = (select rental_id from public.rental where return_date is null and inventory_id >= ?
                                     order by inventory_id limit 1)
                returning rental_id""", copy.get());
        if (rental.isPresent() && pick.chance(30)) {
            session.update("""
                    insert into public.payment (customer_id, staff_id, rental_id, amount)
                    select customer_id, staff_id, rental_id, 1.50 from public.rental where rental_id = ?""", rental.get());
        }
        return rental.isPresent() ? Outcome.DONE : Outcome.LOST_RACE;
    }

    /** Payments move to another day, which often is another partition: a delete and an insert in the stream. */
    static Outcome postponePayment(Session session, Pick pick) throws SQLException {
        Optional<Long> rental = pick.rental(session);
        return rental.isEmpty()
                ? Outcome.LOST_RACE
                : Outcome.of(session.update(
                        "update public.payment set payment_date = payment_date + ? * interval '1 day' where rental_id = ?",
                        pick.below(60) - 20,
                        rental.get()));
    }

    /** Several invoices, numbered by a sequence that belongs to no column. */
    static Outcome invoice(Session session, Pick pick) throws SQLException {
        Optional<Long> customer = pick.customer(session);
        if (customer.isEmpty()) {
            return Outcome.LOST_RACE;
        }
        return Outcome.of(session.update("""
                insert into public.invoice (invoice_no, customer_id, total, details, document)
                select 'INV-' || nextval('public.invoice_number_seq'), ?, line * 2.5,
                       json_build_object('note', ?::text, 'line', line),
                       case when line = 1 then repeat(md5(clock_timestamp()::text) || E'\\t4.99\\n', 250) end
                  from generate_series(1, ?) line""", customer.get(), pick.word(), 1 + pick.below(3)));
    }

    /** The number, which is the key, gets a suffix; the document beside it stays as it is. */
    static Outcome renumberInvoice(Session session, Pick pick) throws SQLException {
        Optional<String> invoice = pick.invoice(session);
        return invoice.isEmpty()
                ? Outcome.LOST_RACE
                : Outcome.of(session.update("""
                        update public.invoice set invoice_no = split_part(invoice_no, '/', 1) || '/' || ?::text
                         where invoice_no = ?""", pick.below(1_000), invoice.get()));
    }

    /** An invoice is changed without its document, or deleted. */
    static Outcome correctInvoice(Session session, Pick pick) throws SQLException {
        Optional<String> invoice = pick.invoice(session);
        if (invoice.isEmpty()) {
            return Outcome.LOST_RACE;
        }
        return Outcome.of(
                pick.chance(80)
                        ? session.update(
                                "update public.invoice set total = total + 0.01 where invoice_no = ?", invoice.get())
                        : session.update("delete from public.invoice where invoice_no = ?", invoice.get()));
    }

    private static void pay(Session session, Pick pick, long customer, long staff, long rental) throws SQLException {
        session.update(
                """
                insert into public.payment (customer_id, staff_id, rental_id, amount, payment_date)
                values (?, ?, ?, ? * 0.01, now() + ? * interval '1 day')""", customer, staff, rental, pick.below(2_000) - 100, pick.chance(20) ? pick.below(400) - 200 : 0);
    }
}
