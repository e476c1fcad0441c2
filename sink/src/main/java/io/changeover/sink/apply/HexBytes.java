package io.changeover.sink.apply;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.postgresql.util.ByteStreamWriter;

/** The bytes of a long bytea value in PostgreSQL's hex format, made of its parts while the driver sends them. */
final class HexBytes implements ByteStreamWriter {

    private static final String PREFIX = "\\x";

    private final List<String> parts;
    private final int length;

    HexBytes(List<String> parts) {
        this.parts = parts;
        this.length = Math.toIntExact((digits(parts) - PREFIX.length()) / 2);
    }

    /** Whether they are parts of a text in the hex format, and not in the older escape format. */
    static boolean areHex(List<String> parts) {
        return !parts.isEmpty() && parts.get(0).startsWith(PREFIX) && digits(parts) % 2 == 0;
    }

    private static long digits(List<String> parts) {
        return parts.stream().mapToLong(String::length).sum();
    }

    @Override
    public int getLength() {
        return length;
    }

    @Override
    public void writeTo(ByteStreamTarget target) throws IOException {
        OutputStream out = new BufferedOutputStream(target.getOutputStream());
        int high = -1;
        for (int part = 0; part < parts.size(); part++) {
            String text = parts.get(part);
            for (int at = part == 0 ? PREFIX.length() : 0; at < text.length(); at++) {
                int digit = Character.digit(text.charAt(at), 16);
                if (digit < 0) {
                    throw new IOException("A bytea value in hex has something else in it");
                }
                if (high < 0) {
                    high = digit;
                } else {
                    out.write(high << 4 | digit);
                    high = -1;
                }
            }
        }
        out.flush();
    }
}
