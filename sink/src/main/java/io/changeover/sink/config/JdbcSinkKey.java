package io.changeover.sink.config;

import java.util.List;
import java.util.Optional;

/**
 * A key of another JDBC sink and what becomes of it here.
 *
 * @param name the key; a name that ends with {@code *} stands for all that begin so
 * @param sinks whose it is
 * @param treatment what becomes of it
 * @param values of an alias, the sink's own key; of an accepted key, the values that ask for what the sink does anyway
 * @param explanation the difference, the reason, or what to do instead
 */
public record JdbcSinkKey(String name, List<Sink> sinks, Treatment treatment, List<String> values, String explanation) {

    /** The other sinks. */
    public enum Sink {
        CONFLUENT("Confluent"),
        DEBEZIUM("Debezium");

        private final String word;

        Sink(String word) {
            this.word = word;
        }

        /** As people write it. */
        public String word() {
            return word;
        }
    }

    /** What becomes of a key. */
    public enum Treatment {
        /** The sink has it under this name. */
        SAME,
        /** The sink has it under another name, and takes this one, too. */
        ALIAS,
        /** Some values ask for what the sink does anyway: they are taken, others are refused. */
        ACCEPTED,
        /** It is refused with a sentence that says what to do. */
        REFUSED
    }

    boolean isNamed(String key) {
        return name.endsWith("*") ? key.startsWith(name.substring(0, name.length() - 1)) : name.equals(key);
    }

    /** The sink's own key. */
    String alias() {
        return values.get(0);
    }

    /** Why a value is refused; empty if it is not. */
    Optional<String> refusal(String value) {
        return switch (treatment) {
            case SAME, ALIAS -> Optional.empty();
            case ACCEPTED ->
                values.stream().anyMatch(value::equalsIgnoreCase)
                        ? Optional.empty()
                        : Optional.of("can only be " + String.join(" or ", values) + " here: " + explanation);
            case REFUSED -> Optional.of("is not a setting of this sink: " + explanation);
        };
    }
}
