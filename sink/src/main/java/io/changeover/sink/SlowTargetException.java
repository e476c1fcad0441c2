package io.changeover.sink;

import org.apache.kafka.connect.errors.RetriableException;

/**
 * A put has taken so long that Kafka would soon take the worker for dead. Nothing is wrong and nothing is lost: Connect
 * talks to Kafka, puts the same batch again, and what was taken of it is not taken twice.
 */
final class SlowTargetException extends RetriableException {
    SlowTargetException(String stream) {
        super("Stream " + stream + ": the target is slow, the batch goes on after a sign of life to Kafka");
    }
}
