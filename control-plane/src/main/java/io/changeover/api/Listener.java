package io.changeover.api;

import io.changeover.access.PemFiles;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;

/** A port of the API: plain or TLS, with bounds on what a client may send and how slowly. */
final class Listener {

    private static final int HEADER_BYTES = 16 * 1024;
    private static final Duration IDLE = Duration.ofSeconds(60);
    /** Below it, a client sends its body so slowly that it means to keep a thread. */
    private static final long BYTES_PER_SECOND = 100;

    private Listener() {}

    /**
     * A connector, not started.
     *
     * @param tls the certificate; without it, HTTP
     */
    static ServerConnector of(Server server, InetSocketAddress listen, Optional<PemFiles> tls) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        http.setMinRequestDataRate(BYTES_PER_SECOND);
        ServerConnector connector = tls.map(files -> encrypted(server, http, files))
                .orElseGet(() -> new ServerConnector(server, 1, 1, new HttpConnectionFactory(http)));
        connector.setHost(listen.getHostString());
        connector.setPort(listen.getPort());
        connector.setIdleTimeout(IDLE.toMillis());
        return connector;
    }

    private static ServerConnector encrypted(Server server, HttpConfiguration http, PemFiles files) {
        // which names are ours, the rules of requests say
        http.addCustomizer(new SecureRequestCustomizer(false));
        Certificate certificate = new Certificate(files);
        server.addBean(certificate.reloading());
        return new ServerConnector(
                server,
                1,
                1,
                new SslConnectionFactory(certificate, HttpVersion.HTTP_1_1.asString()),
                new HttpConnectionFactory(http));
    }
}
