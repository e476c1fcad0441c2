package io.changeover.embedded;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;

/** The settings of {@code config/worker.properties}, which is a resource of this jar, for the embedded worker. */
final class WorkerSettings {

    private static final String RESOURCE = "/io/changeover/config/worker.properties";

    private WorkerSettings() {}

    /** The file's settings, with this machine's addresses, and plugins from the class path. */
    static Map<String, String> embedded(String bootstrapServers, int restPort) throws IOException {
        Map<String, String> settings = file();
        settings.remove("plugin.path");
        // After a kill -9 the group would wait for its dead member's session to end. There is never a second worker
        // here. (With
        // exactly.once.source.support the name would have to stay: it is part of the transactional ids.)
        settings.put("group.id", "changeover-" + UUID.randomUUID());
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("listeners", "http://127.0.0.1:" + restPort);
        settings.put("rest.advertised.host.name", "127.0.0.1");
        settings.put("rest.advertised.port", String.valueOf(restPort));
        return settings;
    }

    private static Map<String, String> file() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = WorkerSettings.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new FileNotFoundException("Not on the class path: " + RESOURCE);
            }
            properties.load(in);
        }
        Map<String, String> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings;
    }
}
