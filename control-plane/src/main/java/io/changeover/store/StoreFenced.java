package io.changeover.store;

import io.changeover.migration.NotLeading;

/** Another control plane has taken over the state topic; this one must stop. */
public final class StoreFenced extends NotLeading {

    private static final long serialVersionUID = 1L;

    StoreFenced(Throwable cause) {
        super(cause);
    }
}
