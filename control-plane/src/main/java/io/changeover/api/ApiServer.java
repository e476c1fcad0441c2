package io.changeover.api;

import com.fasterxml.jackson.jakarta.rs.json.JacksonJsonProvider;
import io.changeover.access.Access;
import io.changeover.access.Gate;
import io.changeover.access.HostNames;
import io.changeover.access.RequestRules;
import io.changeover.metrics.Scrapes;
import io.changeover.runner.ControlPlane;
import jakarta.servlet.DispatcherType;
import jakarta.ws.rs.Priorities;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.EnumSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.glassfish.jersey.servlet.ServletContainer;

/** The API's HTTP server. */
public final class ApiServer implements AutoCloseable {

    /**
     * Kept here, or it would be collected with its level: Jersey warns of every resource that is given as an object.
     */
    private static final Logger JERSEY = Logger.getLogger("org.glassfish.jersey");

    private static final int THREADS = 16;
    private static final int CONNECTIONS = 1000;
    private static final long STOP_MILLIS = 2000;

    private final Server server;
    private final Scrapes scrapes;
    private final Events events;
    private final URI uri;

    private ApiServer(Server server, Scrapes scrapes, Events events, URI uri) {
        this.server = server;
        this.scrapes = scrapes;
        this.events = events;
        this.uri = uri;
    }

    /**
     * Starts it.
     *
     * @param listen host and port; port 0 takes a free one
     * @param access who may ask it, and how
     * @throws IllegalStateException if the address is taken or not of this machine
     * @throws IllegalArgumentException if the certificate cannot be used
     */
    public static ApiServer start(ControlPlane controlPlane, InetSocketAddress listen, Access access) {
        JERSEY.setLevel(Level.SEVERE);
        Scrapes scrapes = new Scrapes(controlPlane::samples, controlPlane::leads, Clock.systemUTC());
        Events events = new Events(controlPlane);
        ResourceConfig resources = new ResourceConfig()
                .register(new MigrationsResource(controlPlane))
                .register(new LifecycleResource(controlPlane))
                .register(new PairLifecycleResource(controlPlane))
                .register(new CutoverResource(controlPlane))
                .register(new PreflightResource(controlPlane))
                .register(new TablesResource(controlPlane))
                .register(new DdlResource(controlPlane))
                .register(new VerificationResource(controlPlane))
                .register(new ReportResource(controlPlane))
                .register(new RollbackResource(controlPlane))
                .register(new HealthResource(controlPlane))
                .register(new MetricsResource(scrapes))
                .register(new RoleFilter(), Priorities.AUTHORIZATION)
                .register(new LeadFilter(controlPlane), Priorities.USER)
                .register(new IdempotencyFilter(Clock.systemUTC()), Priorities.USER + 1)
                .register(new EntityTags(controlPlane), Priorities.USER + 2)
                .register(new OperationsResource(controlPlane))
                .register(
                        new OperationLocation(controlPlane),
                        Priorities.USER + 3) // answers pass from the last to the first
                .register(new EventsResource(events))
                .register(new OpenApiResource())
                .register(new ProblemMapper())
                .register(new JacksonJsonProvider(Json.mapper()))
                .property(ServerProperties.WADL_FEATURE_DISABLE, true);
        QueuedThreadPool threads = new QueuedThreadPool(THREADS);
        threads.setName("changeover-api");
        threads.setDaemon(true);
        Server server = new Server(threads);
        ServerConnector connector = Listener.of(server, listen, access.tls());
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(CONNECTIONS, server));
        ServletContextHandler context = new ServletContextHandler("/");
        context.addFilter(new FilterHolder(filter(listen, access)), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new ServletContainer(resources)), "/*");
        server.setHandler(context);
        server.setStopTimeout(STOP_MILLIS);
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("The API cannot listen on " + listen + ": " + e.getMessage(), e);
        }
        String scheme = access.tls().isPresent() ? "https" : "http";
        return new ApiServer(server, scrapes, events, uri(scheme, listen.getHostString(), connector.getLocalPort()));
    }

    private static AccessFilter filter(InetSocketAddress listen, Access access) {
        HostNames hosts = new HostNames(listen.getHostString(), access.hosts());
        return new AccessFilter(new RequestRules(hosts), new Gate(access.authenticators(), Clock.systemUTC()));
    }

    private static URI uri(String scheme, String host, int port) {
        return URI.create(scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
    }

    /** Where it answers, for example {@code http://127.0.0.1:8090}. */
    public URI uri() {
        return uri;
    }

    @Override
    public void close() {
        try (scrapes;
                events) {
            events.close(); // first, or the server waits for them
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The API did not stop", e);
        }
    }
}
