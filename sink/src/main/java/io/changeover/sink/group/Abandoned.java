package io.changeover.sink.group;

/**
 * The transaction of which pieces were handed out does not count: it was cut off by a crash of the capture and will
 * come again, or it has come again and is applied already.
 */
public record Abandoned() implements Step {}
