package io.changeover.sink.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.ByteStreamWriter;

class CopyRowsTest {

    private final Received received = new Received();
    private final CopyRows rows = new CopyRows(received);

    @Test
    void escapesWhatHasAMeaning() throws Exception {
        rows.value("a\tb\nc\rd\\e");
        rows.value(null);
        rows.value("");
        rows.value("\\N");
        rows.endRow();
        rows.value("\\.");
        rows.endRow();
        rows.end();

        assertThat(received.text()).isEqualTo("a\\tb\\nc\\rd\\\\e\t\\N\t\t\\\\N\n\\\\.\n");
    }

    @Test
    void writesEveryCharacterAsTheDriverDoes() throws Exception {
        StringBuilder all = new StringBuilder();
        for (int character = 1; character <= Character.MAX_CODE_POINT; character++) {
            boolean isHalf = character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
            if (!isHalf && "\t\n\r\\".indexOf(character) < 0) {
                all.appendCodePoint(character);
            }
        }

        rows.value(all.toString());
        rows.end();

        assertThat(received.text()).isEqualTo(all.toString());
    }

    /** Whatever falls on the end of the buffer. */
    @Test
    void holdsNoMoreThanItsBuffer() throws Exception {
        StringBuilder expected = new StringBuilder();
        for (int length = 65_500; length < 65_560; length++) {
            rows.value("x".repeat(length) + "\\ä\uD83D\uDE00€");
            expected.append(expected.isEmpty() ? "" : "\t")
                    .append("x".repeat(length))
                    .append("\\\\ä\uD83D\uDE00€");
        }
        rows.end();

        assertThat(received.text()).isEqualTo(expected.toString());
        assertThat(received.longest).isLessThanOrEqualTo(64 * 1024);
    }

    @Test
    void refusesHalfACharacter() {
        assertThatThrownBy(() -> rows.value("a\uD83D")).isInstanceOf(ConnectException.class);
        assertThatThrownBy(() -> rows.value("\uDE00")).isInstanceOf(ConnectException.class);
        assertThatThrownBy(() -> rows.value("\uD83Db")).isInstanceOf(ConnectException.class);
    }

    private static final class Received implements CopyIn {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int longest;

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void writeToCopy(byte[] buffer, int from, int length) {
            bytes.write(buffer, from, length);
            longest = Math.max(longest, length);
        }

        @Override
        public void writeToCopy(ByteStreamWriter from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void flushCopy() {}

        @Override
        public long endCopy() {
            return 0;
        }

        @Override
        public int getFieldCount() {
            return 0;
        }

        @Override
        public int getFormat() {
            return 0;
        }

        @Override
        public int getFieldFormat(int field) {
            return 0;
        }

        @Override
        public boolean isActive() {
            return true;
        }

        @Override
        public void cancelCopy() {}

        @Override
        public long getHandledRowCount() {
            return 0;
        }
    }
}
