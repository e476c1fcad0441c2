package io.changeover.access;

import java.util.Locale;
import java.util.Optional;

/** How a request has to look before anybody asks who sends it: nothing that a page of another site could send. */
public final class RequestRules {

    /** The largest body. */
    static final long BODY_BYTES = 1 << 20;

    private final HostNames hosts;

    public RequestRules(HostNames hosts) {
        this.hosts = hosts;
    }

    /** Why it is not answered; empty if it may go on. */
    public Optional<Refusal> refusal(RequestShape request) {
        return host(request).or(() -> origin(request)).or(() -> body(request));
    }

    private Optional<Refusal> host(RequestShape request) {
        return request.host().filter(hosts::holds).isPresent()
                ? Optional.empty()
                : Optional.of(Refusal.of(
                        421,
                        "Misdirected request",
                        "The header Host names something else than this control plane. If it has this name,"
                                + " start it with --allowed-hosts"));
    }

    private static Optional<Refusal> origin(RequestShape request) {
        String own = request.scheme() + "://" + request.host().orElse("");
        return request.origin().filter(origin -> !origin.equalsIgnoreCase(own)).isEmpty()
                ? Optional.empty()
                : Optional.of(Refusal.of(403, "Forbidden", "The request comes from a page of another site (Origin)"));
    }

    private static Optional<Refusal> body(RequestShape request) {
        if (request.chunked()) {
            return Optional.of(Refusal.of(411, "Length required", "Send the body with its Content-Length"));
        }
        if (request.contentLength() > BODY_BYTES) {
            return Optional.of(
                    Refusal.of(413, "Content too large", "A body has at most " + BODY_BYTES + " bytes (1 MB)"));
        }
        boolean other = request.contentType()
                .filter(type -> !mediaType(type).equals("application/json"))
                .isPresent();
        boolean untold = request.hasBody() && request.contentType().isEmpty();
        return !request.reads() && (other || untold)
                ? Optional.of(Refusal.of(
                        415, "Unsupported media type", "The body must be declared as Content-Type: application/json"))
                : Optional.empty();
    }

    private static String mediaType(String header) {
        return header.replaceFirst(";.*$", "").strip().toLowerCase(Locale.ROOT);
    }
}
