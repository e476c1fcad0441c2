/** The REST API under /api/v1: JSON, errors as application/problem+json. */
@NullMarked
package io.changeover.api;

import org.jspecify.annotations.NullMarked;
