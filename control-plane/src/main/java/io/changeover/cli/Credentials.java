package io.changeover.cli;

import io.changeover.access.NewToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What the command shows the control plane, and whom it takes for it.
 *
 * @param token who asks; empty where nobody has to say it
 * @param trust the roots; empty for the JDK's
 */
record Credentials(Optional<String> token, Optional<SSLContext> trust) {

    /** None. */
    static final Credentials NONE = new Credentials(Optional.empty(), Optional.empty());

    /** A token that this process has made for itself. */
    static Credentials of(NewToken token) {
        return new Credentials(Optional.of(token.token()), Optional.empty());
    }

    /** From files; ends the command if one cannot be used. */
    static Credentials read(URI server, Optional<Path> token, Optional<Path> roots) {
        if (token.isPresent() && "http".equals(server.getScheme()) && !isLoopback(server)) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "The token is not sent to " + server + ": everybody on the way could read it. Use https");
        }
        return new Credentials(token.map(Credentials::token), roots.map(Credentials::trust));
    }

    private static boolean isLoopback(URI server) {
        try {
            return InetAddress.getByName(server.getHost()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static String token(Path file) {
        try {
            String token = Files.readString(file).strip();
            if (!token.matches("[!-~]+")) {
                throw new CommandFailed(ExitCode.USAGE, "The file " + file + " does not hold one token");
            }
            return token;
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.USAGE, "The token file " + file + " cannot be read: " + e);
        }
    }

    private static SSLContext trust(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore roots = KeyStore.getInstance("PKCS12");
            roots.load(null, null);
            int number = 0;
            for (Certificate root : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                roots.setCertificateEntry("root" + number++, root);
            }
            if (number == 0) {
                throw new CommandFailed(ExitCode.USAGE, "There is no certificate in " + file);
            }
            TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(roots);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trusted.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new CommandFailed(ExitCode.USAGE, "The roots in " + file + " cannot be used: " + e);
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Credentials";
    }
}
