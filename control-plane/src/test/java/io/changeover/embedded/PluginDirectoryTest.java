package io.changeover.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.connect.runtime.isolation.PluginDesc;
import org.apache.kafka.connect.runtime.isolation.Plugins;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin directory as the build makes it, in a worker that finds plugins by ServiceLoader only. */
class PluginDirectoryTest {

    /** Modules of this build are directories on the class path as long as no jar is made. */
    private static final Map<String, String> MODULES =
            Map.of("changeover-connectors", "connectors", "changeover-sink", "sink");

    @TempDir
    Path plugins;

    @Test
    void aWorkerFindsAllOfItInIsolation() throws Exception {
        Path directory = Files.createDirectory(plugins.resolve("changeover"));
        for (String artifact : artifacts()) {
            put(artifact, directory);
        }

        Plugins found = new Plugins(Map.of("plugin.path", plugins.toString(), "plugin.discovery", "service_load"));

        assertThat(isolated(found.sinkConnectors()))
                .containsExactlyInAnyOrder(
                        "io.changeover.sink.PostgresSinkConnector", "io.changeover.load.TopicLoadSinkConnector");
        assertThat(isolated(found.sourceConnectors()))
                .contains("io.changeover.capture.CaptureConnector", "io.changeover.load.LoadConnector");
        assertThat(isolated(found.converters())).contains("io.changeover.wire.ChangeConverter");
    }

    private Set<String> isolated(Set<? extends PluginDesc<?>> all) {
        return all.stream()
                .filter(plugin -> plugin.location().contains(plugins.toString()))
                .map(PluginDesc::className)
                .collect(Collectors.toSet());
    }

    /** What the pom says. */
    private static List<String> artifacts() throws IOException {
        Matcher list = Pattern.compile("<includeArtifactIds>(.*)</includeArtifactIds>")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(list.find()).isTrue();
        return List.of(list.group(1).split(","));
    }

    private static void put(String artifact, Path directory) throws IOException {
        Path onClassPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(entry -> isOf(artifact, entry))
                .findFirst()
                .orElseThrow(() -> new AssertionError(artifact + " is not on the class path"));
        Path jar = directory.resolve(artifact + ".jar");
        if (Files.isDirectory(onClassPath)) {
            pack(onClassPath, jar);
        } else {
            Files.copy(onClassPath, jar);
        }
    }

    private static boolean isOf(String artifact, Path entry) {
        return entry.getFileName().toString().matches(Pattern.quote(artifact) + "-\\d.*\\.jar")
                || MODULES.containsKey(artifact) && entry.endsWith(Path.of(MODULES.get(artifact), "target", "classes"));
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
    }
}
