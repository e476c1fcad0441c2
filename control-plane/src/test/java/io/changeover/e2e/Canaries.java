package io.changeover.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** Words that occur nowhere else, as they are and as something may have encoded them. */
record Canaries(List<String> words) {

    static Canaries of(String... words) {
        return new Canaries(Arrays.stream(words)
                .flatMap(word -> Stream.of(
                        word,
                        URLEncoder.encode(word, StandardCharsets.UTF_8),
                        Base64.getEncoder().withoutPadding().encodeToString(word.getBytes(StandardCharsets.UTF_8))))
                .distinct()
                .toList());
    }

    /** Fails if one of them is in there. */
    void assertAbsent(String where, byte[] bytes) {
        // a byte is a character, so that words are found in what is no text, too
        assertAbsent(where, new String(bytes, StandardCharsets.ISO_8859_1));
    }

    void assertAbsent(String where, String text) {
        assertThat(isIn(text)).as(where).isFalse();
    }

    boolean isIn(String text) {
        return words.stream().anyMatch(text::contains);
    }
}
