package io.changeover.api;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Does a {@code POST} with an {@code Idempotency-Key} once, and answers the same when it comes again. */
final class IdempotencyFilter implements ContainerRequestFilter, ContainerResponseFilter {

    private static final String HEADER = "Idempotency-Key";
    private static final String PROPERTY = IdempotencyFilter.class.getName();
    private static final int KEYS = 1000;

    /** An answer that can be given again. */
    private record Answer(int status, Optional<Object> entity, Optional<MediaType> type, Optional<String> location) {}

    private final IdempotencyKeys<Answer> keys;

    IdempotencyFilter(Clock clock) {
        keys = new IdempotencyKeys<>(KEYS, clock);
    }

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        @Nullable String key = request.getHeaderString(HEADER);
        if (key == null || !request.getMethod().equals("POST")) {
            return;
        }
        if (!key.matches("[\\x21-\\x7e]{1,200}")) {
            throw Problem.badRequest(
                    ProblemCode.WRONG_PARAMETER, HEADER + " must be 1 to 200 visible ASCII characters");
        }
        byte[] body = request.getEntityStream().readAllBytes();
        request.setEntityStream(new ByteArrayInputStream(body));
        String whole = caller(request) + " " + key;
        IdempotencyKeys.Verdict<Answer> verdict = keys.begin(whole, fingerprint(request, body));
        if (verdict instanceof IdempotencyKeys.Verdict.Again<Answer> again) {
            request.abortWith(again(again.answer()));
        } else if (verdict instanceof IdempotencyKeys.Verdict.Other) {
            request.abortWith(Problem.of(
                            ProblemCode.KEY_OF_ANOTHER_REQUEST,
                            "Unprocessable content",
                            "This " + HEADER + " was sent with another request: take a new one for each")
                    .response());
        } else if (verdict instanceof IdempotencyKeys.Verdict.UnderWay) {
            request.abortWith(Problem.of(
                            ProblemCode.SAME_REQUEST_UNDER_WAY,
                            "Conflict",
                            "The request with this " + HEADER + " is being carried out: ask again in a moment")
                    .response());
        } else {
            request.setProperty(PROPERTY, whole);
        }
    }

    private static String caller(ContainerRequestContext request) {
        return Optional.ofNullable(request.getSecurityContext())
                .flatMap(context -> Optional.ofNullable(context.getUserPrincipal()))
                .map(Principal::getName)
                .orElse("");
    }

    private static String fingerprint(ContainerRequestContext request, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(request.getUriInfo().getRequestUri().getRawPath().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) '\n');
            return HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }

    private static Response again(Answer answer) {
        Response.ResponseBuilder response = Response.status(answer.status()).header("Idempotent-Replayed", "true");
        answer.entity().ifPresent(response::entity);
        answer.type().ifPresent(response::type);
        answer.location().ifPresent(location -> response.header("Location", location));
        return response.build();
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (!(request.getProperty(PROPERTY) instanceof String key)) {
            return;
        }
        if (response.getStatus() >= 500) {
            keys.failed(key);
            return;
        }
        keys.answered(
                key,
                new Answer(
                        response.getStatus(),
                        Optional.ofNullable(response.getEntity()),
                        Optional.ofNullable(response.getMediaType()),
                        Optional.ofNullable(response.getHeaderString("Location"))));
    }
}
