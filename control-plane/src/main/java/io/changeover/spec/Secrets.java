package io.changeover.spec;

import io.changeover.postgres.ServerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;

/**
 * Finds passwords by their references, with Kafka's own providers, so that a reference means the same here and in a
 * connector's configuration. Values are in nothing but the returned settings. Safe for use by several threads.
 */
public final class Secrets {

    private static final String ALLOWED =
            "allowed are ${env:NAME}, ${file:/path/to/file.properties:key} and ${dir:/path/to/directory:file}";

    private final ConfigTransformer transformer;
    private final SecretScope scope;
    private final SecretScope acceptable;

    /**
     * Secrets of this machine, wherever a reference leads.
     *
     * @param environment the environment's variables, usually {@link System#getenv()}
     */
    public Secrets(Map<String, String> environment) {
        this(environment, SecretScope.EVERYTHING);
    }

    /** The same within bounds, which are also Kafka's own. */
    public Secrets(Map<String, String> environment, SecretScope scope) {
        this(transformer(environment, scope), scope, scope);
    }

    private Secrets(ConfigTransformer transformer, SecretScope scope, SecretScope acceptable) {
        this.transformer = transformer;
        this.scope = scope;
        this.acceptable = acceptable;
    }

    /** The same secrets, with narrower bounds for what a request may refer to. */
    public Secrets accepting(SecretScope narrower) {
        return new Secrets(transformer, scope, narrower);
    }

    private static ConfigTransformer transformer(Map<String, String> environment, SecretScope scope) {
        Map<String, ConfigProvider> providers = Map.of(
                "env", new EnvVarConfigProvider(environment),
                "file", new FileConfigProvider(),
                "dir", new DirectoryConfigProvider());
        Map<String, Map<String, String>> settings = scope.providers();
        providers.forEach((name, provider) -> provider.configure(settings.get(name)));
        return new ConfigTransformer(providers);
    }

    /** The settings of a Connect worker's providers {@code env}, {@code file} and {@code dir} for the same bounds. */
    public Map<String, String> workerSettings() {
        Map<String, String> settings = new HashMap<>();
        scope.providers()
                .forEach((name, each) -> each.forEach(
                        (key, value) -> settings.put("config.providers." + name + ".param." + key, value)));
        return settings;
    }

    /** Why a request may not refer to a server's password as it does; empty if it may. */
    public Optional<String> refusal(ServerSpec server) {
        return SecretReference.parse(server.password()).flatMap(acceptable::refusal);
    }

    /**
     * Settings to connect with.
     *
     * @param server the server as the migration file names it
     * @param database the database on it
     * @throws UnresolvedSecret if the password's reference leads nowhere
     */
    public ServerSettings resolve(ServerSpec server, String database) {
        return new ServerSettings(
                server.host(),
                server.port(),
                database,
                server.user(),
                password(server.password()),
                server.sslMode().word(),
                server.sslRootCert());
    }

    /** Whether a text is a reference and nothing else. */
    public static boolean isReference(String text) {
        return SecretReference.parse(text).isPresent();
    }

    /** Whether there is a reference in a text. */
    public static boolean hasReference(String text) {
        return SecretReference.isIn(text);
    }

    /**
     * A text in which the references are replaced by what they lead to.
     *
     * @throws UnresolvedSecret if one leads nowhere
     */
    public String expand(String text) {
        return SecretReference.replaced(text, this::password);
    }

    /** Why a request may not refer to what a hook's headers refer to; empty if it may. */
    public Optional<String> refusal(HookSpec hook) {
        return hook.headers().values().stream()
                .flatMap(value -> SecretReference.parse(value).stream())
                .flatMap(reference -> acceptable.refusal(reference).stream())
                .findFirst();
    }

    /**
     * What a reference leads to.
     *
     * @throws UnresolvedSecret if it leads nowhere
     */
    public String resolve(String reference) {
        return password(reference);
    }

    /** Why a password cannot be found; empty if it can. */
    Optional<String> problem(String password) {
        try {
            return password(password).isEmpty()
                    ? Optional.of("the password that it refers to is empty")
                    : Optional.empty();
        } catch (UnresolvedSecret e) {
            return Optional.of(e.reason());
        }
    }

    private String password(String text) {
        return SecretReference.parse(text)
                .map(reference -> value(text, reference))
                .orElse(text);
    }

    private String value(String text, SecretReference reference) {
        if (!reference.provider().matches("env|file|dir")) {
            throw new UnresolvedSecret("there is no provider \"" + reference.provider() + "\": " + ALLOWED);
        }
        scope.refusal(reference).ifPresent(why -> {
            throw new UnresolvedSecret(why);
        });
        try {
            String found =
                    transformer.transform(Map.of("password", text)).data().getOrDefault("password", text);
            if (!found.equals(text)) {
                return found;
            }
        } catch (ConfigException e) {
            // Kafka's message says no more than that it failed; the reason is looked up below
        }
        throw new UnresolvedSecret(reason(reference));
    }

    private static String reason(SecretReference reference) {
        Path path = Path.of(reference.path());
        return switch (reference.provider()) {
            case "env" -> "the environment variable " + reference.key() + " is not set";
            case "file" ->
                Files.isReadable(path) ? "no key " + reference.key() + " in " + path : unreadable("file", path);
            default ->
                Files.isDirectory(path)
                        ? unreadable("file", path.resolve(reference.key()))
                        : unreadable("directory", path);
        };
    }

    private static String unreadable(String what, Path path) {
        return Files.exists(path) ? "the " + what + " " + path + " cannot be read" : "no such " + what + ": " + path;
    }
}
