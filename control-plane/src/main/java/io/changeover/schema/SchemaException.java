package io.changeover.schema;

import java.io.IOException;

/** The structure could not be copied. The message names the object and says what to do where that is known. */
public final class SchemaException extends IOException {

    SchemaException(String message) {
        super(message);
    }

    SchemaException(String message, Throwable cause) {
        super(message, cause);
    }
}
