package io.changeover.sink.decode;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where Connect wants to hear of records that cannot be read: its log, and its dead letter queue. */
public final class ErrantRecords {

    private static final Logger LOG = LoggerFactory.getLogger(ErrantRecords.class);
    private static final long PATIENCE_SECONDS = 30;

    private final SinkTaskContext context;

    public ErrantRecords(SinkTaskContext context) {
        this.context = context;
    }

    /**
     * Reports a record, if Connect was configured for that, and waits until that is done. What becomes of the stream is
     * the caller's matter: reporting does not make it right to go on.
     *
     * @param error without anything of what is in the record
     * @return whether Connect has taken it
     */
    public boolean report(SinkRecord record, RuntimeException error) {
        ErrantRecordReporter reporter = reporter();
        if (reporter == null) {
            return false;
        }
        try {
            Future<Void> reported = reporter.report(record, error);
            if (reported != null) {
                reported.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            // with errors.tolerance=none, Connect answers a report by this
            LOG.warn(
                    "{} was reported; Connect says: {}",
                    RecordDecoder.place(record),
                    e.getClass().getSimpleName());
        }
        return false;
    }

    private @Nullable ErrantRecordReporter reporter() {
        try {
            return context.errantRecordReporter();
        } catch (NoSuchMethodError | NoClassDefFoundError e) {
            return null; // a worker before 2.6
        }
    }
}
