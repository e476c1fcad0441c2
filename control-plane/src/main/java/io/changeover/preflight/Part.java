package io.changeover.preflight;

/** What a check looks at; if that could not be reached, its checks did not run. */
public enum Part {
    CONNECTIONS("connections"),
    SOURCE_SERVER("source server"),
    SOURCE_DATABASE("source databases"),
    TARGET("target"),
    PROGRAMS("programs of this machine"),
    CLUSTER("Kafka and Kafka Connect");

    private final String words;

    Part(String words) {
        this.words = words;
    }

    /** What a report calls it. */
    public String words() {
        return words;
    }
}
