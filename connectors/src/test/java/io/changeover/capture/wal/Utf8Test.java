package io.changeover.capture.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "äß", "€", "😀", "\uFEFFbom", "\uFFFD", "a\uFFFDb\uFFFF", "\u0000"})
    void textIsItself(String text) {
        byte[] bytes = ("x" + text + "y").getBytes(StandardCharsets.UTF_8);

        assertThat(Utf8.text(bytes, 1, bytes.length - 2)).isEqualTo(text);
    }

    /** A lone continuation, a cut character, overlong forms, a surrogate, beyond the last character. */
    @ParameterizedTest
    @ValueSource(strings = {"80", "61c3", "c080", "e282", "eda080", "f0808080", "f4908080", "ff", "efbfbdff", "e4ff"})
    void otherBytesAreAnError(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);

        assertThatThrownBy(() -> Utf8.text(bytes, 0, bytes.length)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void cutIsBetweenCharacters() {
        byte[] bytes = "a€😀b".getBytes(StandardCharsets.UTF_8);

        assertThat(Utf8.wholeCharacters(bytes, 0, 1)).isEqualTo(1);
        assertThat(Utf8.wholeCharacters(bytes, 0, 2)).isEqualTo(1);
        assertThat(Utf8.wholeCharacters(bytes, 0, 3)).isEqualTo(1);
        assertThat(Utf8.wholeCharacters(bytes, 0, 4)).isEqualTo(4);
        assertThat(Utf8.wholeCharacters(bytes, 0, 7)).isEqualTo(4);
        assertThat(Utf8.wholeCharacters(bytes, 0, 8)).isEqualTo(8);
        assertThat(Utf8.wholeCharacters(bytes, 1, 2)).isZero();
    }
}
