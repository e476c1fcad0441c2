/** The report of a migration for an auditor: what it says, and its forms. Asks nobody. */
@NullMarked
package io.changeover.report;

import org.jspecify.annotations.NullMarked;
