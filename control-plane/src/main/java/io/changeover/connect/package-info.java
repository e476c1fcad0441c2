/** Kafka Connect through its REST API, and the connectors of a migration from the templates in config/. */
@NullMarked
package io.changeover.connect;

import org.jspecify.annotations.NullMarked;
