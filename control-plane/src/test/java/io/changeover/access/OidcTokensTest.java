package io.changeover.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a provider on this machine. */
class OidcTokensTest {

    private final RsaJsonWebKey key = key("first");
    private final AtomicReference<String> keys = new AtomicReference<>(published(key));
    private HttpServer provider;
    private String issuer = "";
    private OidcTokens tokens;

    @BeforeEach
    void start() throws IOException {
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer = "http://127.0.0.1:" + provider.getAddress().getPort() + "/realm";
        answer(
                "/realm/.well-known/openid-configuration",
                () -> "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + issuer + "/keys\"}");
        answer("/realm/keys", keys::get);
        provider.start();
        tokens = new OidcTokens(URI.create(issuer), "changeover", new RoleClaim("realm_access.roles"));
    }

    @AfterEach
    void stop() {
        provider.stop(0);
    }

    @Test
    void aTokenOfTheProviderForUsIsKnown() throws Exception {
        assertThat(tokens.caller(signed(claims -> {}))).contains(new Caller("oidc:anna", Role.APPROVER));
        assertThat(tokens.caller(signed(claims -> claims.unsetClaim("preferred_username"))))
                .contains(new Caller("oidc:4711", Role.APPROVER));
    }

    @Test
    void whatIsNotForUsOrNotOfNowOrOfNobodyIsNot() throws Exception {
        assertThat(tokens.caller(signed(claims -> claims.setAudience("another"))))
                .isEmpty();
        assertThat(tokens.caller(signed(claims -> claims.setIssuer(issuer + "2"))))
                .isEmpty();
        assertThat(tokens.caller(signed(claims -> claims.setExpirationTime(NumericDate.fromSeconds(1_000_000)))))
                .isEmpty();
        assertThat(tokens.caller(signed(claims -> claims.unsetClaim("exp")))).isEmpty();
        assertThat(tokens.caller(signed(claims -> claims.setNotBeforeMinutesInThePast(-60))))
                .isEmpty();
        assertThat(tokens.caller(signed(claims -> claims.unsetClaim("sub")))).isEmpty();
        assertThat(tokens.caller(signed(claims -> claims.setClaim("realm_access", Map.of("roles", List.of("admin"))))))
                .isEmpty();
        assertThat(tokens.caller("a.b.c")).isEmpty();
        assertThat(tokens.caller("co_token")).isEmpty();
    }

    @Test
    void theSignatureIsTheProvidersAndOfAnAlgorithmThatProvesIt() throws Exception {
        RsaJsonWebKey forged = key("first");
        assertThat(tokens.caller(signed(forged, AlgorithmIdentifiers.RSA_USING_SHA256, claims -> {})))
                .isEmpty();
        assertThat(tokens.caller(signed(key, AlgorithmIdentifiers.RSA_USING_SHA512, claims -> {})))
                .isEmpty();

        JsonWebSignature unsigned = signature(claims -> {});
        unsigned.setAlgorithmConstraints(org.jose4j.jwa.AlgorithmConstraints.NO_CONSTRAINTS);
        unsigned.setAlgorithmHeaderValue(AlgorithmIdentifiers.NONE);
        assertThat(tokens.caller(unsigned.getCompactSerialization())).isEmpty();

        JsonWebSignature confused = signature(claims -> {});
        confused.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
        confused.setKeyIdHeaderValue("first");
        confused.setKey(new HmacKey(key.getRsaPublicKey().getEncoded()));
        assertThat(tokens.caller(confused.getCompactSerialization())).isEmpty();
    }

    @Test
    void aNewKeyOfTheProviderIsFetched() throws Exception {
        assertThat(tokens.caller(signed(claims -> {}))).isPresent();
        RsaJsonWebKey second = key("second");
        keys.set(published(second));

        assertThat(tokens.caller(signed(second, AlgorithmIdentifiers.RSA_USING_SHA256, claims -> {})))
                .isPresent();
    }

    @Test
    void whereTheProviderDoesNotAnswerNobodyCanTell() throws Exception {
        String token = signed(claims -> {});
        provider.stop(0);

        assertThatThrownBy(() -> tokens.caller(token))
                .isInstanceOf(AuthenticationUnavailable.class)
                .hasMessageContaining(issuer);
    }

    @Test
    void keysComeByHttpsOrFromThisMachine() {
        assertThat(OidcTokens.allowed(URI.create("https://login.example/keys"))).isTrue();
        assertThat(OidcTokens.allowed(URI.create("http://127.0.0.1:1/keys"))).isTrue();
        assertThat(OidcTokens.allowed(URI.create("http://login.example/keys"))).isFalse();
        assertThat(OidcTokens.allowed(URI.create("file:/etc/keys"))).isFalse();
    }

    private String signed(Consumer<JwtClaims> change) throws JoseException {
        return signed(key, AlgorithmIdentifiers.RSA_USING_SHA256, change);
    }

    private String signed(RsaJsonWebKey with, String algorithm, Consumer<JwtClaims> change) throws JoseException {
        JsonWebSignature signature = signature(change);
        signature.setKey(with.getPrivateKey());
        signature.setKeyIdHeaderValue(with.getKeyId());
        signature.setAlgorithmHeaderValue(algorithm);
        return signature.getCompactSerialization();
    }

    private JsonWebSignature signature(Consumer<JwtClaims> change) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(issuer);
        claims.setAudience("changeover");
        claims.setSubject("4711");
        claims.setExpirationTimeMinutesInTheFuture(10);
        claims.setClaim("preferred_username", "anna");
        claims.setClaim("realm_access", Map.of("roles", List.of("offline_access", "viewer", "approver")));
        change.accept(claims);
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        return signature;
    }

    private static RsaJsonWebKey key(String id) {
        try {
            RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId(id);
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String published(RsaJsonWebKey key) {
        return new JsonWebKeySet(key).toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    private void answer(String path, java.util.function.Supplier<String> body) {
        provider.createContext(path, exchange -> {
            byte[] bytes = body.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }
}
