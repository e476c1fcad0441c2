package io.changeover.sink.group;

/** The last changes of a source transaction of which pieces were handed out, and its end. */
public record LastPiece(SourceTransaction rest) implements Step {}
