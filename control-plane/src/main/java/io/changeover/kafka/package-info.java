/** How the control plane's own clients reach Kafka: addresses, encryption, login, and what a refusal means. */
@NullMarked
package io.changeover.kafka;

import org.jspecify.annotations.NullMarked;
