package io.changeover.sink.config;

import io.changeover.postgres.ServerSettings;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.config.AbstractConfig;

/** Reads where the target is. */
public final class TargetSettings {

    private TargetSettings() {}

    /**
     * The target.
     *
     * @param config of {@link SinkDefinition#KEYS} and {@link GivenKeys#settings()}
     */
    public static ServerSettings of(AbstractConfig config) {
        return new ServerSettings(
                config.getString(ConnectionKeys.HOST),
                config.getInt(ConnectionKeys.PORT),
                config.getString(ConnectionKeys.DATABASE),
                config.getString(ConnectionKeys.USER),
                config.getPassword(ConnectionKeys.PASSWORD).value(),
                config.getString(ConnectionKeys.SSL_MODE),
                Optional.of(config.getString(ConnectionKeys.SSL_ROOT_CERT)).filter(Predicate.not(String::isEmpty)));
    }
}
