package io.changeover.sink.group;

import io.changeover.contract.ChangeEvent;
import java.util.List;

/**
 * Some of the changes of a source transaction that is too large to be held, in order. Others follow.
 *
 * @param origin the transaction
 */
public record Piece(Origin origin, List<ChangeEvent> changes) implements Step {
    public Piece {
        changes = List.copyOf(changes);
    }
}
