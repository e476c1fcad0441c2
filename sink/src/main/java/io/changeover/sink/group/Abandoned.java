package io.changeover.sink.group;

/** The transaction of which pieces were handed out was cut off by a crash of the capture, and will come again. */
public record Abandoned() implements Step {}
