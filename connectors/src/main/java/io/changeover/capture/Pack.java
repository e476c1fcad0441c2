package io.changeover.capture;

import io.changeover.contract.ChangeEvent;
import java.util.List;
import java.util.Optional;

/**
 * Some events on their way into one record.
 *
 * @param number counts the packs of a stream from 0
 * @param lastEnd the last end of a transaction among the events
 */
record Pack(long number, List<ChangeEvent> events, Optional<ChangeEvent.End> lastEnd) {}
