package io.changeover.preflight;

/**
 * A line that mends what was found, or a part of it, to copy into the program that runs it. What only a person knows
 * stands in angle brackets.
 *
 * @param kind what runs it
 * @param line the statement or the command
 */
public record FixCommand(Kind kind, String line) {

    /** What runs a command. */
    public enum Kind {
        /** A session of the object's server, in the object's database. */
        SQL,
        /** Amazon's command line. */
        AWS,
        /** Azure's command line. */
        AZ,
        /** A shell on this machine or where Kafka's programs are. */
        SHELL
    }
}
