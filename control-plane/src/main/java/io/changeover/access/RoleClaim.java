package io.changeover.access;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jose4j.jwt.JwtClaims;

/**
 * Where a token says what its owner may do: a word or a list of words, of which those that are no role say nothing, and
 * the highest role counts.
 *
 * @param path the claim; a dot goes into it, as in {@code realm_access.roles}
 */
public record RoleClaim(String path) {

    private static final Pattern DOT = Pattern.compile("\\.");

    Optional<Role> of(JwtClaims claims) {
        Optional<Object> value = Optional.ofNullable(claims.getClaimValue(path));
        if (value.isEmpty()) {
            value = Optional.of(claims.getClaimsMap());
            for (String step : DOT.splitAsStream(path).toList()) {
                value = value.flatMap(
                        each -> each instanceof Map<?, ?> map ? Optional.ofNullable(map.get(step)) : Optional.empty());
            }
        }
        return value.stream()
                .flatMap(RoleClaim::words)
                .flatMap(word -> Role.parse(word).stream())
                .max(Comparator.naturalOrder());
    }

    private static Stream<String> words(Object value) {
        Collection<?> all = value instanceof Collection<?> many ? many : List.of(value);
        return all.stream().map(String::valueOf);
    }
}
