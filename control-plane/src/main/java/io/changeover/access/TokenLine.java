package io.changeover.access;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A line of the token file: {@code name=role:digest}.
 *
 * @param caller whose token it is
 * @param digest of the token
 */
public record TokenLine(Caller caller, TokenDigest digest) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    /** What is wrong with a name. */
    public static Optional<String> nameProblem(String name) {
        return NAME.matcher(name).matches()
                ? Optional.empty()
                : Optional.of("a name is 1 to 64 of A-Z, a-z, 0-9, '.', '_', '@' and '-', and begins with a letter or"
                        + " a digit");
    }

    /** As it stands in the file. */
    public String text() {
        return caller.name() + "=" + caller.role().word() + ":" + digest.hex();
    }

    /**
     * The lines of a file; empty ones and those that begin with {@code #} say nothing.
     *
     * @throws IllegalArgumentException names the line; never what is in it, which may be a token
     */
    static List<TokenLine> parse(List<String> lines) {
        List<TokenLine> parsed = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                TokenLine token = parse(line, i + 1);
                if (!names.add(token.caller().name())) {
                    throw wrong(i + 1, "the name is there twice");
                }
                parsed.add(token);
            }
        }
        return List.copyOf(parsed);
    }

    private static TokenLine parse(String line, int number) {
        int equals = line.indexOf('=');
        int colon = line.indexOf(':', equals + 1);
        if (equals < 1 || colon < 0) {
            throw wrong(number, "it must be name=role:digest, as changeover token new prints it");
        }
        String name = line.substring(0, equals).strip();
        nameProblem(name).ifPresent(problem -> {
            throw wrong(number, problem);
        });
        Role role = Role.parse(line.substring(equals + 1, colon).strip())
                .orElseThrow(() -> wrong(number, "the role must be one of " + String.join(", ", Role.words())));
        TokenDigest digest = TokenDigest.parse(line.substring(colon + 1).strip())
                .orElseThrow(() -> wrong(number, "the digest must be 64 hexadecimal digits, the SHA-256 of the token"));
        return new TokenLine(new Caller(name, role), digest);
    }

    private static IllegalArgumentException wrong(int number, String what) {
        return new IllegalArgumentException("line " + number + ": " + what);
    }
}
