package io.changeover.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FaultsPageTest {

    private static final List<String> PAGE = List.of(
            "## Results",
            "| fault | phase | outcome | seconds |",
            "| --- | --- | --- | --- |",
            "| gone | DRAIN | goes on | 1.0 |",
            "| late | FENCE | goes on | 1.0 |",
            "| early | MARKER | goes on | 1.0 |",
            "| early | FENCE | goes on | 1.0 |",
            "",
            "| another | table |");

    @Test
    void aRowOfThisRunTakesThePlaceOfTheOlderOne() {
        FaultTable.Row again = new FaultTable.Row("early", Phase.FENCE, "completed", true, 2500);
        FaultTable.Row first = new FaultTable.Row("early", Phase.LOAD, "FAILED: no", false, 100);

        assertThat(FaultsPage.with(PAGE, List.of(again, first), List.of("early", "late")))
                .containsExactly(
                        "## Results",
                        "| fault | phase | outcome | seconds |",
                        "| --- | --- | --- | --- |",
                        "| early | LOAD | **DEFECT** FAILED: no | 0.1 |",
                        "| early | FENCE | completed | 2.5 |",
                        "| early | MARKER | goes on | 1.0 |",
                        "| late | FENCE | goes on | 1.0 |",
                        "| gone | DRAIN | goes on | 1.0 |",
                        "",
                        "| another | table |");
    }
}
