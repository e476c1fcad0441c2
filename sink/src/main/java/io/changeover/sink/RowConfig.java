package io.changeover.sink;

import io.changeover.sink.config.ErrorTolerance;
import io.changeover.sink.config.FailureKeys;
import io.changeover.sink.config.GivenKeys;
import io.changeover.sink.config.KeyProblem;
import io.changeover.sink.config.RowKeys;
import io.changeover.sink.config.SinkDefinition;
import io.changeover.sink.decode.debezium.BinaryMode;
import io.changeover.sink.decode.debezium.SourceSettings;
import io.changeover.sink.decode.debezium.TableNaming;
import io.changeover.sink.failure.ChangeFailureMode;
import io.changeover.sink.rows.RowFailureMode;
import io.changeover.sink.rows.RowSettings;
import io.changeover.sink.rows.RowSettings.InsertMode;
import io.changeover.sink.rows.RowSettings.KeyMode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;

/**
 * What the topics hold, and how they are written if they hold rows.
 *
 * @param format as far as the configuration tells
 * @param failures what a record does that cannot be applied
 */
record RowConfig(RecordFormat format, RowSettings rows, RowFailureMode failures) {

    /**
     * Reads settings.
     *
     * @throws ConfigException for values that do not go together
     */
    static RowConfig of(Map<String, String> properties) {
        AbstractConfig config =
                new AbstractConfig(SinkDefinition.KEYS, GivenKeys.of(properties).requireRight(), false);
        InsertMode write = InsertMode.valueOf(upper(config, RowKeys.INSERT_MODE));
        KeyMode keys = KeyMode.valueOf(upper(config, RowKeys.KEY_MODE));
        require(
                write == InsertMode.INSERT || keys != KeyMode.NONE,
                RowKeys.KEY_MODE,
                "insert.mode=" + config.getString(RowKeys.INSERT_MODE) + " needs a key: set pk.mode=record_key");
        require(
                !config.getBoolean(RowKeys.DELETES) || keys == KeyMode.RECORD_KEY,
                RowKeys.DELETES,
                "a delete's key is that of its record: set pk.mode=record_key");
        RecordFormat format = RecordFormat.of(config);
        require(
                format != RecordFormat.CHANGES
                        || (write != InsertMode.UPDATE
                                && !isFalse(config, RowKeys.DELETES)
                                && !isFalse(config, RowKeys.TRUNCATES)),
                RowKeys.FORMAT,
                "a change topic is applied whole: inserts, deletes and truncates");
        return new RowConfig(
                format,
                new RowSettings(
                        write,
                        keys,
                        config.getList(RowKeys.KEY_FIELDS),
                        config.getBoolean(RowKeys.DELETES),
                        config.getBoolean(RowKeys.TRUNCATES),
                        "skip".equals(config.getString(RowKeys.MISSING_ROWS)),
                        new TableNaming(config.getString(RowKeys.TABLE_NAME)),
                        new SourceSettings(
                                config.getString(RowKeys.PLACEHOLDER),
                                BinaryMode.named(config.getString(RowKeys.BINARY)))),
                failures(properties, config));
    }

    private static RowFailureMode failures(Map<String, String> properties, AbstractConfig config) {
        if (ErrorTolerance.isAll(properties)) {
            return RowFailureMode.LEAVE_OUT;
        }
        return switch (ChangeFailureMode.of(config.getString(FailureKeys.CHANGE_FAILURE_MODE))) {
            case STOP -> RowFailureMode.STOP;
            case STOP_TABLE -> RowFailureMode.STOP_TABLE;
        };
    }

    /** What does not go together, of values that are right each by itself. */
    static Optional<KeyProblem> problem(Map<String, String> properties) {
        try {
            of(properties);
            return Optional.empty();
        } catch (MisfitException e) {
            return Optional.of(e.problem);
        }
    }

    private static final class MisfitException extends ConfigException {

        private static final long serialVersionUID = 1;

        private final transient KeyProblem problem;

        MisfitException(KeyProblem problem) {
            super("Setting " + problem.key() + ": " + problem.message());
            this.problem = problem;
        }
    }

    private static String upper(AbstractConfig config, String key) {
        return config.getString(key).toUpperCase(Locale.ROOT);
    }

    /** Written, and not only left as it is. */
    private static boolean isFalse(AbstractConfig config, String key) {
        return config.originals().containsKey(key) && !config.getBoolean(key);
    }

    private static void require(boolean condition, String key, String otherwise) {
        if (!condition) {
            throw new MisfitException(new KeyProblem(key, otherwise));
        }
    }
}
