/**
 * Reads what a logical decoding plugin sends, in PostgreSQL's own text. One decoder per plugin; all of them say the
 * words of {@link io.changeover.contract.ChangeEvent}.
 */
@NullMarked
package io.changeover.capture.wal;

import org.jspecify.annotations.NullMarked;
