package io.changeover.spec;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The checks of {@code spec.hooks}. */
final class HookReader {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][-a-z0-9]{0,39}");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");

    /** Those that say where the request goes and how long it is, and what it is: Changeover's own. */
    private static final Set<String> RESERVED =
            Set.of("host", "content-length", "content-type", "connection", "upgrade", "expect", "idempotency-key");

    private final Problems problems;
    private final Function<String, Optional<String>> secrets;

    /**
     * A reader.
     *
     * @param secrets says why what a reference leads to cannot be found, or nothing
     */
    HookReader(Problems problems, Function<String, Optional<String>> secrets) {
        this.problems = problems;
        this.secrets = secrets;
    }

    List<HookSpec> hooks(Fields fields) {
        List<HookSpec> hooks = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Fields item : fields.optionalChildren(
                "hooks", "name", "at", "step", "command", "url", "headers", "timeout", "onFailure", "direction")) {
            HookSpec hook = hook(item);
            if (!hook.name().isEmpty() && !names.add(hook.name())) {
                problems.add(item.place("name"), "two hooks have the name " + hook.name());
            }
            hooks.add(hook);
        }
        return hooks;
    }

    private HookSpec hook(Fields item) {
        HookMoment at = item.requiredWord("at", HookMoment.class, HookMoment.BEFORE);
        HookStep step = item.requiredWord("step", HookStep.class, HookStep.FENCE);
        if (step == HookStep.GIVEN_UP && at == HookMoment.BEFORE && item.has("at")) {
            problems.add(item.place("at"), "must be after: what a cutover is given up for is not known before");
        }
        Map<String, String> headers = item.optionalTexts("headers", this::header);
        if (!headers.isEmpty() && !item.has("url")) {
            problems.add(item.place("headers"), "belong to 'url', not to 'command'");
        }
        boolean decided = step.isDecided(at);
        HookFailure onFailure = item.word(
                "onFailure",
                HookFailure.class,
                at == HookMoment.BEFORE && !decided ? HookFailure.VETO : HookFailure.WARN);
        if (onFailure == HookFailure.VETO && decided) {
            problems.add(
                    item.place("onFailure"),
                    "must be warn: " + at.word() + " " + step.word() + " nothing can be kept from happening any more");
        }
        return new HookSpec(
                item.text(
                        "name",
                        name -> NAME.matcher(name).matches()
                                ? Optional.empty()
                                : Optional.of("must be 1 to 40 of a-z, 0-9 and -, and not begin with -")),
                at,
                step,
                command(item),
                item.optionalText("url", HookReader::url),
                headers,
                item.optionalText("timeout", SpecReader::duration)
                        .flatMap(Durations::parse)
                        .orElse(HookSpec.TIMEOUT),
                onFailure,
                item.optionalWord("direction", HookDirection.class));
    }

    private List<String> command(Fields item) {
        List<String> command = item.texts("command", Fields.ANY);
        if (command.isEmpty() == !item.has("url")) {
            problems.add(item.place(), "needs either 'command' or 'url'");
        } else if (!command.isEmpty() && !command.get(0).startsWith("/")) {
            problems.add(
                    item.place("command"),
                    "must begin with the absolute path of a program; there is no shell that would look for it");
        }
        return command;
    }

    private Optional<String> header(String name, String value) {
        if (!HEADER.matcher(name).matches() || RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            return Optional.of("is no header that may be set");
        }
        return SecretReference.parse(value).isEmpty()
                ? Optional.of("must be a reference such as ${env:NAME}: what stands here can be read by REST")
                : secrets.apply(value);
    }

    /** The URL itself is not repeated: it may hold a secret. */
    private static Optional<String> url(String text) {
        try {
            URI uri = new URI(text);
            if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
                return Optional.of("must be a URL with a host, without user and without fragment");
            }
            boolean plain = "http".equals(uri.getScheme())
                    && Hosts.isLoopback(uri.getHost().replaceAll("[\\[\\]]", ""));
            return plain || "https".equals(uri.getScheme())
                    ? Optional.empty()
                    : Optional.of("must begin with https://, or with http:// and an address of this machine");
        } catch (URISyntaxException e) {
            return Optional.of("is not a URL");
        }
    }
}
