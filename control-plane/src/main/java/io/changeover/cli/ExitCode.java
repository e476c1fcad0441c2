package io.changeover.cli;

/** What the command's exit tells a script. */
final class ExitCode {

    static final int OK = 0;
    /** An error of the program, or a migration that failed. */
    static final int FAILED = 1;
    /** Wrong arguments, or a migration file with problems. */
    static final int USAGE = 2;
    /** The preflight found what must be mended first; nothing was changed. */
    static final int PREFLIGHT = 3;
    /** Not possible now. */
    static final int NOT_READY = 4;
    /** Source and target differ. */
    static final int DIFFERENT = 5;
    /** The time given was not enough. */
    static final int TIMEOUT = 6;
    /** Given up by a person. */
    static final int ABORTED = 7;
    /** The control plane or a server cannot be reached. */
    static final int CONNECTION = 8;

    private ExitCode() {}
}
