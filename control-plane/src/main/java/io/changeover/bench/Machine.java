package io.changeover.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.AppInfoParser;
import org.postgresql.util.DriverInfo;

/** Describes what a benchmark runs on, and the versions of what it runs. */
public final class Machine {

    private static final String DEBEZIUM = "/META-INF/maven/io.debezium/debezium-connector-postgres/pom.properties";

    private Machine() {}

    /** Keys and values in the order to show them; a benchmark adds the versions of its servers. */
    public static Map<String, Object> describe() {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put("cpu", cpu());
        machine.put("memoryMiB", system().getTotalMemorySize() >> 20);
        // of the last minute: what else ran there before the benchmark
        machine.put("loadBefore", Math.round(system().getSystemLoadAverage() * 100) / 100.0);
        machine.put("os", property("os.name") + " " + property("os.version") + " " + property("os.arch"));
        machine.put("jvm", property("java.vm.name") + " " + property("java.runtime.version"));
        machine.put("debezium", debezium());
        machine.put("kafka", AppInfoParser.getVersion());
        machine.put("pgjdbc", DriverInfo.DRIVER_VERSION);
        return machine;
    }

    private static OperatingSystemMXBean system() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    }

    private static String cpu() {
        Path file = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(file)) {
            return "unknown";
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String debezium() {
        try (InputStream in = Machine.class.getResourceAsStream(DEBEZIUM)) {
            if (in == null) {
                return "unknown";
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }
}
