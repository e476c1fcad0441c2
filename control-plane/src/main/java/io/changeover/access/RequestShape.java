package io.changeover.access;

import java.util.Optional;

/**
 * What the rules of requests look at.
 *
 * @param scheme http or https, as it arrived here
 * @param host the header Host
 * @param origin the header Origin, which browsers send and no page can forge
 * @param contentType the body's type as the client says it
 * @param contentLength the body's length as the client says it
 * @param chunked whether a body comes without its length
 */
public record RequestShape(
        String scheme,
        String method,
        Optional<String> host,
        Optional<String> origin,
        Optional<String> contentType,
        long contentLength,
        boolean chunked) {

    boolean reads() {
        return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
    }

    boolean hasBody() {
        return contentLength > 0 || chunked;
    }
}
