package io.changeover.store;

/** Another control plane has taken over the state topic; this one must stop. */
public final class StoreFenced extends RuntimeException {

    StoreFenced(Throwable cause) {
        super("Another control plane has taken over; this one changes nothing any more", cause);
    }
}
