/**
 * What is looked at, and never changed, before a migration may begin: readers turn a server into facts, rules turn
 * facts into findings.
 */
@NullMarked
package io.changeover.preflight;

import org.jspecify.annotations.NullMarked;
