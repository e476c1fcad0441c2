package io.changeover.faults;

/** What is wrong with a link. */
enum Trouble {
    /** Nothing. */
    NONE,
    /** Connections are reset, and new ones too. */
    CUT,
    /** Nothing arrives, and nobody is told; what was sent arrives when it is over, as if it had been sent again. */
    STALLED,
    /** Everything is taken and arrives nowhere; when it is over, who lost something this way is reset. */
    SWALLOWED,
    /** The client's end of a connection is closed, and not the server's: it may go on sending. */
    HALF_CLOSED,
    /** Each piece takes 100 ms longer, in each direction. */
    SLOW,
    /** 64 kB a second in each direction of each connection. */
    NARROW
}
