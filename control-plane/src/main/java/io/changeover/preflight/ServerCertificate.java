package io.changeover.preflight;

import io.changeover.postgres.ServerSettings;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Asks a server for its certificate, as PostgreSQL's protocol has it, and hangs up. */
final class ServerCertificate {

    private static final int TIMEOUT_MILLIS = 5000;
    private static final int SSL_REQUEST_LENGTH = 8;
    private static final int SSL_REQUEST = 80877103;

    private ServerCertificate() {}

    /** When it ends; empty if the server shows none. Whether it is to be trusted is the driver's to tell. */
    static Optional<Instant> expiry(ServerSettings server) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(server.host(), server.port()), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(SSL_REQUEST_LENGTH);
            out.writeInt(SSL_REQUEST);
            out.flush();
            return socket.getInputStream().read() == 'S' ? handshake(socket, server) : Optional.empty();
        } catch (IOException | GeneralSecurityException e) {
            return Optional.empty(); // the connection itself is a check of its own
        }
    }

    private static Optional<Instant> handshake(Socket socket, ServerSettings server)
            throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anyone()}, null);
        try (SSLSocket tls =
                (SSLSocket) context.getSocketFactory().createSocket(socket, server.host(), server.port(), true)) {
            tls.startHandshake();
            Certificate[] chain = tls.getSession().getPeerCertificates();
            return chain[0] instanceof X509Certificate certificate
                    ? Optional.of(certificate.getNotAfter().toInstant())
                    : Optional.empty();
        }
    }

    /** Nothing is sent over this connection; the certificate is looked at whoever signed it. */
    private static final class Anyone implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
