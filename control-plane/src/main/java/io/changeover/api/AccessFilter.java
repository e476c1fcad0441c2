package io.changeover.api;

import io.changeover.access.Caller;
import io.changeover.access.Gate;
import io.changeover.access.Permissions;
import io.changeover.access.Refusal;
import io.changeover.access.RequestRules;
import io.changeover.access.RequestShape;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;

/** What every request passes before anything answers it, whatever that is. */
final class AccessFilter extends HttpFilter {

    @Serial
    private static final long serialVersionUID = 1;

    private static final Map<String, String> HEADERS = Map.of(
            "X-Content-Type-Options", "nosniff",
            "Content-Security-Policy",
                    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Cache-Control", "no-store");

    private static final String ONLY_ENCRYPTED = "max-age=31536000";

    private final transient RequestRules rules;
    private final transient Gate gate;

    AccessFilter(RequestRules rules, Gate gate) {
        this.rules = rules;
        this.gate = gate;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HEADERS.forEach(response::setHeader);
        if (request.isSecure()) {
            response.setHeader("Strict-Transport-Security", ONLY_ENCRYPTED);
        }
        RequestShape shape = shape(request);
        Optional<Refusal> refusal = rules.refusal(shape);
        if (refusal.isPresent()) {
            refuse(response, refusal.get());
        } else if (Permissions.isOpen(request.getMethod(), request.getRequestURI())) {
            chain.doFilter(request, response);
        } else {
            admit(request, response, chain);
        }
    }

    private void admit(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean reading = !request.getMethod().matches("POST|PUT|PATCH|DELETE");
        Gate.Answer answer = gate.ask(header(request, "Authorization"), request.getRemoteAddr(), reading);
        if (answer instanceof Gate.Answer.Refused refused) {
            refuse(response, refused.refusal());
        } else if (answer instanceof Gate.Answer.Admitted admitted) {
            chain.doFilter(new Known(request, admitted.caller()), response);
            if (!request.isAsyncStarted()) {
                takeWhatIsLeft(request);
            }
        }
    }

    /** Who is refused before the body has come, would else find the connection closed with the next request. */
    private static void takeWhatIsLeft(HttpServletRequest request) throws IOException {
        request.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static RequestShape shape(HttpServletRequest request) {
        return new RequestShape(
                request.getScheme(),
                request.getMethod(),
                header(request, "Host"),
                header(request, "Origin"),
                header(request, "Content-Type"),
                request.getContentLengthLong(),
                header(request, "Transfer-Encoding").isPresent());
    }

    private static Optional<String> header(HttpServletRequest request, String name) {
        return Optional.ofNullable(request.getHeader(name));
    }

    private static void refuse(HttpServletResponse response, Refusal refusal) throws IOException {
        refusal.headers().forEach(response::setHeader);
        response.setStatus(refusal.status());
        response.setContentType(Problem.MEDIA_TYPE);
        Json.mapper()
                .writeValue(
                        response.getOutputStream(),
                        new Problem(refusal.title(), refusal.status(), refusal.detail(), Optional.empty()));
    }

    /** A request of somebody. */
    private static final class Known extends HttpServletRequestWrapper {

        private final Caller caller;

        Known(HttpServletRequest request, Caller caller) {
            super(request);
            this.caller = caller;
        }

        @Override
        public Principal getUserPrincipal() {
            return caller;
        }
    }
}
