package io.changeover.sink.group;

/** What to do next on the target. */
public sealed interface Step permits Group, Piece, LastPiece, Abandoned {}
