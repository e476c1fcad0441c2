package io.changeover.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

    @Test
    void plainNamesStayReadable() {
        Names names = new Names("shop-1", "orders");

        assertThat(names.slot()).isEqualTo("changeover_shop__1_orders");
        assertThat(names.publication()).isEqualTo(names.slot());
        assertThat(names.changeTopic()).isEqualTo("changeover.shop-1.orders");
        assertThat(names.progressTopic()).isEqualTo("changeover.shop-1.orders.progress");
        assertThat(names.capture()).isEqualTo("shop-1.orders.capture");
        assertThat(names.load()).isEqualTo("shop-1.orders.load");
        assertThat(names.sink()).isEqualTo("shop-1.orders.sink");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Orders",
                "with space",
                "ümlaut",
                "quote\"",
                "slash/../..",
                "a.very.long.name.of.a.database.that.fills.all.of.its.63.bytes.0",
                "0123456789012345678901234567890123456789012345678901234567890123456789"
            })
    void everyNameFitsWhereItIsUsed(String database) {
        Names names = new Names("0123456789-0123456789-0123456789-0123456", database);

        assertThat(names.slot()).matches("[a-z0-9_]{1,63}");
        assertThat(names.changeTopic()).matches("[a-zA-Z0-9._-]{1,200}");
        assertThat(names.progressTopic()).matches("[a-zA-Z0-9._-]{1,249}");
        assertThat(names.sink()).matches("[a-zA-Z0-9._-]{1,249}");
    }

    @Test
    void differentPairsNeverShareAName() {
        String long_ = "x".repeat(63);
        List<Names> all = List.of(
                new Names("m", "orders"),
                new Names("m", "Orders"),
                new Names("m", "ORDERS"),
                new Names("m", "or ders"),
                new Names("m", "or.ders"),
                new Names("m", "or-ders"),
                new Names("m", "or_ders"),
                new Names("m", long_),
                new Names("m", long_.substring(1) + "y"),
                new Names("n", long_));
        Set<String> slots = new HashSet<>();
        Set<String> topics = new HashSet<>();
        Set<String> connectors = new HashSet<>();

        for (Names names : all) {
            assertThat(slots.add(names.slot())).as(names.toString()).isTrue();
            assertThat(topics.add(names.changeTopic())).as(names.toString()).isTrue();
            assertThat(connectors.add(names.capture())).as(names.toString()).isTrue();
        }
    }

    /** A slot's name has no hyphen and no dot to tell where the migration ends. */
    @Test
    void theBorderBetweenMigrationAndDatabaseMatters() {
        assertThat(new Names("a-b", "c").slot()).isNotEqualTo(new Names("a", "b_c").slot());
        assertThat(new Names("a-b", "c").slot()).isNotEqualTo(new Names("a", "_b_c").slot());
        assertThat(new Names("a-", "b").slot()).isNotEqualTo(new Names("a", "_b").slot());
    }

    @Test
    void topicOfOneDatabaseIsNotTheProgressTopicOfAnother() {
        assertThat(new Names("m", "a").progressTopic()).isNotEqualTo(new Names("m", "a.progress").changeTopic());
    }

    /** Kafka takes dots for underscores in the names of metrics, and refuses a topic that would share them. */
    @Test
    void topicsDifferInMoreThanDotsAndUnderscores() {
        assertThat(new Names("m", "a.b").changeTopic().replace('.', '_'))
                .isNotEqualTo(new Names("m", "a_b").changeTopic().replace('.', '_'));
    }

    @Test
    void streamBackHasNamesThatNoStreamForwardCanHave() {
        Names back = new Names("shop-1", "orders").back();

        assertThat(back.slot()).isEqualTo("changeover__back_shop__1_orders");
        assertThat(back.changeTopic()).isEqualTo("changeover.shop-1.orders.back");
        assertThat(back.sink()).isEqualTo("shop-1.orders.back-sink");
        assertThat(new Names("shop-1", "orders.back").changeTopic()).isNotEqualTo(back.changeTopic());
        assertThat(new Names("back", "shop__1_orders").slot()).isNotEqualTo(back.slot());
    }
}
