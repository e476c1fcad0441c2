package io.changeover.capture;

import org.apache.kafka.connect.errors.RetriableException;

/** Somebody else reads the slot: perhaps our own connection from before a crash, which the server has yet to notice. */
final class SlotInUse extends RetriableException {

    SlotInUse(String message) {
        super(message);
    }
}
