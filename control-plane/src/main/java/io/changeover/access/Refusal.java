package io.changeover.access;

import java.util.Map;

/**
 * Why a request is not answered.
 *
 * @param status HTTP
 * @param title the kind of refusal
 * @param detail what is wrong and what would be right
 * @param headers that the answer has for it
 */
public record Refusal(int status, String title, String detail, Map<String, String> headers) {

    public Refusal {
        headers = Map.copyOf(headers);
    }

    static Refusal of(int status, String title, String detail) {
        return new Refusal(status, title, detail, Map.of());
    }
}
