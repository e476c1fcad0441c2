package io.changeover.access;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate with its chain and its private key, as web servers have them.
 *
 * @param certificate PEM, the server's own certificate first
 * @param key PEM, PKCS#8 without a password
 */
public record PemFiles(Path certificate, Path key) {

    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    /**
     * Both as a key store in memory.
     *
     * @param password of the key in it
     * @throws IllegalArgumentException if a file cannot be used, or they do not belong together; it holds nothing of
     *     the key
     */
    public KeyStore read(char[] password) {
        try {
            Certificate[] chain = chain().toArray(Certificate[]::new);
            PrivateKey privateKey = privateKey();
            if (!belongTogether(chain[0].getPublicKey(), privateKey)) {
                throw new IllegalArgumentException(
                        "The key in " + key + " is not that of the certificate in " + certificate);
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, password);
            store.setKeyEntry("changeover", privateKey, password, chain);
            return store;
        } catch (IOException e) {
            throw new IllegalArgumentException("The certificate or its key cannot be read: " + e, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "The certificate in " + certificate + " or the key in " + key + " cannot be used: " + e, e);
        }
    }

    private Collection<? extends Certificate> chain() throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(certificate)) {
            Collection<? extends Certificate> chain =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (chain.isEmpty()) {
                throw new IllegalArgumentException("There is no certificate in " + certificate);
            }
            return chain;
        }
    }

    private static boolean belongTogether(PublicKey publicKey, PrivateKey privateKey) throws GeneralSecurityException {
        if (!publicKey.getAlgorithm().equals(privateKey.getAlgorithm())) {
            return false;
        }
        String algorithm = switch (privateKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "Ed25519";
        };
        byte[] any = {1, 2, 3};
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(privateKey);
        signature.update(any);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(any);
        return signature.verify(signed);
    }

    private PrivateKey privateKey() throws IOException, GeneralSecurityException {
        Matcher pem = PKCS8.matcher(Files.readString(key));
        if (!pem.find()) {
            throw new IllegalArgumentException("There is no PKCS#8 key without a password in " + key
                    + ". openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW makes one of others");
        }
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // it says that the key is of another algorithm; what is of none is told below
            }
        }
        throw new IllegalArgumentException("The key in " + key + " is of none of " + ALGORITHMS);
    }
}
