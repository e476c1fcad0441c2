package io.changeover.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.lang.UnresolvableKeyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens of an OpenID provider: JWTs that it has signed for us. Where its keys are, it is asked at the first token.
 * Safe for use by several threads.
 */
public final class OidcTokens implements Authenticator {

    private static final Logger LOG = LoggerFactory.getLogger(OidcTokens.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int CLOCK_SKEW_SECONDS = 30;

    private final URI issuer;
    private final String audience;
    private final RoleClaim roles;
    private Optional<JwtConsumer> consumer = Optional.empty();

    /**
     * Tokens of one provider.
     *
     * @param issuer its URL, exactly as it stands in its tokens
     * @param audience whom a token has to be for
     * @param roles where a token says what its owner may do
     */
    public OidcTokens(URI issuer, String audience, RoleClaim roles) {
        this.issuer = issuer;
        this.audience = audience;
        this.roles = roles;
    }

    @Override
    public Optional<Caller> caller(String token) {
        if (!token.contains(".")) {
            return Optional.empty();
        }
        try {
            JwtClaims claims = consumer().processToClaims(token);
            Optional<Role> role = roles.of(claims);
            if (role.isEmpty()) {
                LOG.warn("A token of {} has no role in {}", issuer, roles);
            }
            String name = name(claims);
            return role.map(found -> new Caller(name, found));
        } catch (InvalidJwtException e) {
            if (e.getCause() instanceof UnresolvableKeyException && e.getCause().getCause() instanceof IOException) {
                throw new AuthenticationUnavailable("The keys of " + issuer + " cannot be read", e);
            }
            // the exception's own message holds the token
            LOG.info("A token that is said to be of {} is refused: {}", issuer, codes(e));
            return Optional.empty();
        } catch (MalformedClaimException e) {
            return Optional.empty();
        }
    }

    /** Never the name of a line of the token file, which has no colon. */
    private static String name(JwtClaims claims) throws MalformedClaimException {
        String subject = claims.getSubject();
        return "oidc:"
                + Optional.ofNullable(claims.getClaimValue("preferred_username", String.class))
                        .orElse(subject);
    }

    private static List<Integer> codes(InvalidJwtException e) {
        return e.getErrorDetails().stream().map(error -> error.getErrorCode()).toList();
    }

    private synchronized JwtConsumer consumer() {
        if (consumer.isEmpty()) {
            consumer = Optional.of(consumer(keys()));
        }
        return consumer.get();
    }

    private JwtConsumer consumer(String keys) {
        return new JwtConsumerBuilder()
                .setJwsAlgorithmConstraints(new AlgorithmConstraints(
                        ConstraintType.PERMIT,
                        AlgorithmIdentifiers.RSA_USING_SHA256,
                        AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
                        AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256))
                .setVerificationKeyResolver(new HttpsJwksVerificationKeyResolver(new HttpsJwks(keys)))
                .setExpectedIssuer(issuer.toString())
                .setExpectedAudience(audience)
                .setRequireSubject()
                .setRequireExpirationTime()
                .setAllowedClockSkewInSeconds(CLOCK_SKEW_SECONDS)
                .build();
    }

    /** Where the provider says that its keys are. */
    private String keys() {
        URI configuration = URI.create(issuer.toString().replaceAll("/+$", "") + "/.well-known/openid-configuration");
        try {
            HttpResponse<String> answer = HttpClient.newBuilder()
                    .connectTimeout(TIMEOUT)
                    .build()
                    .send(HttpRequest.newBuilder(configuration).timeout(TIMEOUT).build(), BodyHandlers.ofString());
            JsonNode said = new ObjectMapper().readTree(answer.body());
            if (answer.statusCode() != 200 || !said.path("issuer").asText().equals(issuer.toString())) {
                throw new AuthenticationUnavailable(configuration + " is not the configuration of the issuer " + issuer
                        + " (status " + answer.statusCode() + ")");
            }
            String keys = said.path("jwks_uri").asText();
            if (!allowed(URI.create(keys))) {
                throw new AuthenticationUnavailable("The keys of " + issuer + " are not at an https address: " + keys);
            }
            return keys;
        } catch (IOException | IllegalArgumentException e) {
            throw new AuthenticationUnavailable(configuration + " cannot be read: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuthenticationUnavailable("Interrupted", e);
        }
    }

    /** Keys and where they are must come unaltered: by https, or from this machine. */
    public static boolean allowed(URI uri) {
        boolean here = uri.getHost() != null && uri.getHost().matches("localhost|127\\.0\\.0\\.1|\\[::1]");
        return uri.getHost() != null && ("https".equals(uri.getScheme()) || (here && "http".equals(uri.getScheme())));
    }
}
