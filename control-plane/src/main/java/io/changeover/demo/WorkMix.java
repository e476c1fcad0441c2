package io.changeover.demo;

import java.util.List;

/** Which transactions the write load consists of, and how often each of them comes. */
final class WorkMix {

    /**
     * One kind of transaction.
     *
     * @param name what receipts and errors call it
     * @param weight how often, relative to the others
     * @param work its statements
     */
    record Kind(String name, int weight, Work work) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("rent", 260, RentalWork::rent),
            new Kind("give back", 230, RentalWork::giveBack),
            new Kind("postpone payment", 20, RentalWork::postponePayment),
            new Kind("invoice", 30, RentalWork::invoice),
            new Kind("renumber invoice", 10, RentalWork::renumberInvoice),
            new Kind("correct invoice", 20, RentalWork::correctInvoice),
            new Kind("join", 40, CustomerWork::join),
            new Kind("change customer", 60, CustomerWork::change),
            new Kind("extend customers", 10, CustomerWork::extend),
            new Kind("leave", 10, CustomerWork::leave),
            new Kind("release film", 10, FilmWork::release),
            new Kind("reprice film", 50, FilmWork::reprice),
            new Kind("sale", 8, FilmWork::sale),
            new Kind("rewrite film", 10, FilmWork::rewrite),
            new Kind("recast film", 20, FilmWork::recast),
            new Kind("swap billing", 10, FilmWork::swapBilling),
            new Kind("recode category", 2, FilmWork::recodeCategory),
            new Kind("move copy", 20, FilmWork::moveCopy),
            new Kind("visit", 60, JournalWork::visit),
            new Kind("correct visit", 30, JournalWork::correctVisit),
            new Kind("forget visit", 60, JournalWork::forgetVisit),
            new Kind("rank films", 5, JournalWork::rankFilms),
            new Kind("walk in", 20, JournalWork::walkIn),
            new Kind("change tariff", 10, JournalWork::changeTariff),
            new Kind("try twice", 10, JournalWork::tryTwice),
            new Kind("change mind", 10, JournalWork::changeMind));

    private static final int TOTAL = KINDS.stream().mapToInt(Kind::weight).sum();

    private WorkMix() {}

    /** The next kind of transaction. */
    static Kind next(Pick pick) {
        return at(pick.below(TOTAL));
    }

    private static Kind at(int point) {
        int rest = point;
        for (Kind kind : KINDS) {
            rest -= kind.weight();
            if (rest < 0) {
                return kind;
            }
        }
        throw new IllegalArgumentException("No kind of transaction at " + point);
    }
}
