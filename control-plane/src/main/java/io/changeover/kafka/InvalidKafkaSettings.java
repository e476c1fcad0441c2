package io.changeover.kafka;

import java.util.List;

/**
 * Settings of Kafka's clients that cannot be used. The message has every problem on a line of its own, and no value.
 */
public final class InvalidKafkaSettings extends RuntimeException {

    InvalidKafkaSettings(String origin, List<String> problems) {
        super(origin + ":\n  " + String.join("\n  ", problems));
    }
}
