package io.changeover.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.changeover.postgres.ServerSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.postgresql.replication.LogSequenceNumber;

class StartRulesTest {

    private static final CaptureSettings SETTINGS = new CaptureSettings(
            "topic",
            "slot",
            "publication",
            new ServerSettings("host", 5432, "shop", "role", "secret", "disable", Optional.empty()),
            new Packer.Limits(1, 1, 1));
    private static final LogSequenceNumber BEFORE = LogSequenceNumber.valueOf("0/1000");
    private static final LogSequenceNumber LAST = LogSequenceNumber.valueOf("0/2000");
    private static final LogSequenceNumber AFTER = LogSequenceNumber.valueOf("0/3000");
    private static final SourceFacts FACTS =
            facts("7", 1, AFTER, Optional.of(slot(BEFORE)), Optional.of("tables a, b"));
    private static final Optional<StoredPosition> STORED =
            Optional.of(new StoredPosition(StoredPosition.beginning(LAST, StoredPosition.Identity.of(FACTS))));

    @Test
    void readsOnWhereSlotAndOffsetBelongTogether() {
        assertThatCode(() -> StartRules.check(SETTINGS, STORED, FACTS)).doesNotThrowAnyException();
        assertThat(StartRules.isFirstStart(STORED, FACTS)).isFalse();
    }

    @Test
    void readsOnWhereTheSlotHasConfirmedTheOffsetItself() {
        refusal(STORED, facts("7", 1, AFTER, Optional.of(slot(LAST)), FACTS.publication()), "");
    }

    @Test
    void beginsOnlyWhereThereIsNeitherSlotNorOffset() {
        SourceFacts fresh = facts("7", 1, AFTER, Optional.empty(), FACTS.publication());

        refusal(Optional.empty(), fresh, "");
        assertThat(StartRules.isFirstStart(Optional.empty(), fresh)).isTrue();
        assertThat(StartRules.isFirstStart(STORED, fresh)).isFalse();
    }

    @Test
    void slotWithoutOffsetIsRefused() {
        refusal(Optional.empty(), FACTS, "CO-2001");
    }

    @Test
    void offsetWithoutSlotIsRefused() {
        refusal(STORED, facts("7", 1, AFTER, Optional.empty(), FACTS.publication()), "CO-2002");
    }

    @Test
    void missingPublicationIsRefused() {
        refusal(STORED, facts("7", 1, AFTER, FACTS.slot(), Optional.empty()), "CO-2003");
        refusal(Optional.empty(), facts("7", 1, AFTER, Optional.empty(), Optional.empty()), "CO-2003");
    }

    @Test
    void slotPastTheOffsetIsRefused() {
        refusal(STORED, facts("7", 1, AFTER, Optional.of(slot(AFTER)), FACTS.publication()), "CO-2005");
    }

    @Test
    void invalidatedSlotIsRefusedWithItsReason() {
        SourceFacts.Slot lost = new SourceFacts.Slot(BEFORE, Optional.of("wal_removed"), Optional.empty());

        refusal(STORED, facts("7", 1, AFTER, Optional.of(lost), FACTS.publication()), "CO-2006");
        assertThatThrownBy(() -> StartRules.check(
                        SETTINGS, STORED, facts("7", 1, AFTER, Optional.of(lost), FACTS.publication())))
                .hasMessageContaining("wal_removed");
    }

    @Test
    void slotThatSomebodyElseReadsMayBecomeFree() {
        SourceFacts.Slot read = new SourceFacts.Slot(BEFORE, Optional.empty(), Optional.of(4711));

        assertThatThrownBy(() -> StartRules.check(
                        SETTINGS, STORED, facts("7", 1, AFTER, Optional.of(read), FACTS.publication())))
                .isInstanceOf(SlotInUse.class)
                .hasMessageStartingWith("CO-2011: ")
                .hasMessageContaining("4711");
    }

    @Test
    void anotherServerIsRefused() {
        refusal(STORED, facts("8", 1, AFTER, FACTS.slot(), FACTS.publication()), "CO-2007");
    }

    @Test
    void anotherTimelineIsRefused() {
        refusal(STORED, facts("7", 2, AFTER, FACTS.slot(), FACTS.publication()), "CO-2008");
    }

    @Test
    void sourceThatWentBackIsRefused() {
        refusal(STORED, facts("7", 1, BEFORE, FACTS.slot(), FACTS.publication()), "CO-2009");
        refusal(STORED, facts("7", 2, BEFORE, FACTS.slot(), FACTS.publication()), "CO-2009");
    }

    @Test
    void alteredPublicationIsRefused() {
        refusal(STORED, facts("7", 1, AFTER, FACTS.slot(), Optional.of("tables a")), "CO-2010");
    }

    /** As written before the identity was kept. */
    @Test
    void offsetWithoutIdentityIsTakenAsItIs() {
        Map<String, Object> old = new HashMap<>(STORED.get().offset().size());
        STORED.get().offset().forEach(old::put);
        old.keySet().removeIf(key -> key.startsWith("changeover_"));

        refusal(Optional.of(new StoredPosition(old)), FACTS, "");
    }

    @Test
    void everyRefusalSaysWhatToDoAndNoPassword() {
        assertThatThrownBy(() ->
                        StartRules.check(SETTINGS, STORED, facts("7", 1, AFTER, Optional.empty(), FACTS.publication())))
                .hasMessageContaining("Migrate this database again")
                .hasMessageNotContaining("secret");
    }

    private static void refusal(Optional<StoredPosition> stored, SourceFacts facts, String code) {
        if (code.isEmpty()) {
            assertThatCode(() -> StartRules.check(SETTINGS, stored, facts)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> StartRules.check(SETTINGS, stored, facts))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageStartingWith(code + ": ");
        }
    }

    private static SourceFacts facts(
            String system,
            long timeline,
            LogSequenceNumber position,
            Optional<SourceFacts.Slot> slot,
            Optional<String> publication) {
        return new SourceFacts(system, timeline, position, slot, publication);
    }

    private static SourceFacts.Slot slot(LogSequenceNumber confirmed) {
        return new SourceFacts.Slot(confirmed, Optional.empty(), Optional.empty());
    }
}
