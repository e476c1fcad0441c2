package io.changeover.cli;

/**
 * A database pair, as it is named on the command line.
 *
 * @param database the source's name of it
 */
record PairName(String migration, String database) {

    /**
     * Reads {@code MIGRATION/DATABASE}.
     *
     * @throws CommandFailed if it is something else
     */
    static PairName parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash == text.length() - 1) {
            throw new CommandFailed(ExitCode.USAGE, "Name the database as MIGRATION/DATABASE, not " + text);
        }
        return new PairName(text.substring(0, slash), text.substring(slash + 1));
    }
}
