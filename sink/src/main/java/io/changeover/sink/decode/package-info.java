/** First stage: from a Connect record to an event of the contract. */
@NullMarked
package io.changeover.sink.decode;

import org.jspecify.annotations.NullMarked;
