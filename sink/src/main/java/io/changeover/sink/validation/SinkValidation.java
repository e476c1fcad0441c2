package io.changeover.sink.validation;

import io.changeover.postgres.ServerSettings;
import io.changeover.sink.config.GivenKeys;
import io.changeover.sink.config.KeyProblem;
import io.changeover.sink.config.SinkDefinition;
import io.changeover.sink.config.TargetSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;

/**
 * What Connect answers to {@code PUT /connector-plugins/…/config/validate}, and before it takes a configuration: every
 * problem at the key that was written.
 */
public final class SinkValidation {

    private final GivenKeys given;
    private final Map<String, ConfigValue> values = new LinkedHashMap<>();

    private SinkValidation(GivenKeys given) {
        this.given = given;
        SinkDefinition.KEYS.validate(given.settings()).forEach(value -> values.put(value.name(), value));
    }

    /** Checks the settings, and if they are right, the target. */
    public static Config of(Map<String, String> written) {
        SinkValidation validation = new SinkValidation(GivenKeys.of(written));
        validation.moveToWrittenKeys();
        validation.report(validation.given.problems());
        if (validation.values.values().stream()
                .allMatch(value -> value.errorMessages().isEmpty())) {
            validation.report(TargetCheck.of(validation.target()));
        }
        return new Config(List.copyOf(validation.values.values()));
    }

    private ServerSettings target() {
        return TargetSettings.of(new AbstractConfig(SinkDefinition.KEYS, given.settings(), false));
    }

    /** An error about a host belongs to the URL if that was written. */
    private void moveToWrittenKeys() {
        given.writtenAs().forEach((key, written) -> {
            ConfigValue value = values.get(key);
            if (value != null) {
                List<String> messages = List.copyOf(value.errorMessages());
                value.errorMessages().clear();
                messages.forEach(message -> add(written, message));
            }
        });
    }

    private void report(List<KeyProblem> problems) {
        problems.forEach(problem -> add(given.written(problem.key()), problem.message()));
    }

    private void add(String key, String message) {
        values.computeIfAbsent(key, ConfigValue::new).addErrorMessage(message);
    }
}
