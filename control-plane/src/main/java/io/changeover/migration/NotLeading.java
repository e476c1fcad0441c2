package io.changeover.migration;

/** Another control plane has taken over; this one changes nothing any more. */
public class NotLeading extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Because of this. */
    public NotLeading(Throwable cause) {
        super(
                "Another control plane has taken over; this one changes nothing any more. Ask the other one, and stop"
                        + " this one",
                cause);
    }
}
