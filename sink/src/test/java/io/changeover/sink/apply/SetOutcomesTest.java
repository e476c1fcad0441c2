package io.changeover.sink.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.postgres.TableName;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SetOutcomesTest {

    private static final TableName TABLE = new TableName("public", "t");

    private final SetOutcomes outcomes = new SetOutcomes();

    @Test
    void aTableThatAlwaysCollidesIsTriedEverLessOften() {
        long tries = IntStream.range(0, 1000)
                .filter(flush -> !outcomes.rests(TABLE))
                .peek(flush -> outcomes.refused(TABLE))
                .count();

        assertThat(tries).isBetween(15L, 25L);
        assertThat(outcomes.refusedCount()).isEqualTo(tries);
    }

    @Test
    void aTableThatCollidedOnceIsWrittenInSetsAgain() {
        outcomes.refused(TABLE);

        assertThat(outcomes.rests(TABLE)).isTrue();
        assertThat(outcomes.rests(TABLE)).isFalse();
        outcomes.taken(TABLE);
        assertThat(outcomes.rests(TABLE)).isFalse();
        assertThat(outcomes.isDoubtful(TABLE)).isTrue();
    }

    @Test
    void setsThatAreTakenShortenTheNextRest() {
        IntStream.range(0, 10).forEach(i -> outcomes.refused(TABLE));
        IntStream.range(0, 5).forEach(i -> outcomes.taken(TABLE));
        outcomes.refused(TABLE);

        long rests = IntStream.range(0, 100).filter(i -> outcomes.rests(TABLE)).count();

        assertThat(rests).isEqualTo(4);
    }

    @Test
    void oneTableIsNotAnother() {
        outcomes.refused(TABLE);

        TableName other = new TableName("public", "other");
        assertThat(outcomes.rests(other)).isFalse();
        assertThat(outcomes.isDoubtful(other)).isFalse();
    }
}
