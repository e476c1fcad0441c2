/** The benchmark of the control plane: many tables, watched and asked about. */
@NullMarked
package io.changeover.bench.control;

import org.jspecify.annotations.NullMarked;
