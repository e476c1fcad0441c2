/**
 * Checkers for tests: an application that remembers what it was told, and what must hold of databases it wrote to. They
 * share no code with the product's own comparison.
 */
@NullMarked
package io.changeover.checker;

import org.jspecify.annotations.NullMarked;
