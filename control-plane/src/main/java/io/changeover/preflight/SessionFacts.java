package io.changeover.preflight;

/**
 * What sessions a server lets in, and what they begin with.
 *
 * @param maxConnections the setting max_connections
 * @param free how many more our role may open, of the server's, the database's and its own limit the least
 * @param locks how many locks of tables the server has room for
 * @param readOnly whether a session can only read unless it says otherwise
 * @param replica whether a session has the replica role unless it says otherwise
 */
record SessionFacts(int maxConnections, long free, long locks, boolean readOnly, boolean replica) {}
