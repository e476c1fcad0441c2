package io.changeover.preflight;

import io.changeover.postgres.ServerSettings;

/** Which of the two servers. */
enum Side {
    SOURCE("source"),
    TARGET("target");

    private final String word;

    Side(String word) {
        this.word = word;
    }

    /** {@code source rds.example:5432}, what findings call the server. */
    String server(ServerSettings settings) {
        return word + " " + settings.host() + ":" + settings.port();
    }

    /** {@code source database dvdrental}, what findings call a database. */
    String database(String name) {
        return word + " database " + name;
    }
}
