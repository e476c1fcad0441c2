package io.changeover.api;

import java.util.Arrays;

/** Kinds of refusals and failures of the API, for programs; docs/errors.md explains them. They are never reused. */
public enum ProblemCode {
    WRONG_REQUEST(4000, 400),
    WRONG_BODY(4001, 400),
    WRONG_PARAMETER(4002, 400),
    NOT_CONFIRMED(4003, 400),
    NOT_FOUND(4004, 404),
    METHOD_NOT_ALLOWED(4005, 405),
    MEDIA_TYPE(4006, 415),
    NOT_ACCEPTABLE(4007, 406),
    NOT_AUTHENTICATED(4008, 401),
    NOT_ALLOWED(4009, 403),
    NOT_POSSIBLE_NOW(4010, 409),
    NAME_TAKEN(4011, 409),
    CANNOT_BE_CHANGED(4012, 409),
    CUTOVER_NOT_READY(4013, 409),
    RELOAD_NOT_POSSIBLE(4014, 409),
    LOAD_NOT_LIMITED(4015, 409),
    CANNOT_BE_DELETED(4016, 409),
    CHANGED_SINCE(4017, 412),
    KEY_OF_ANOTHER_REQUEST(4018, 422),
    SAME_REQUEST_UNDER_WAY(4019, 409),
    BODY_TOO_LARGE(4020, 413),
    TOO_MANY_REQUESTS(4021, 429),
    SOURCE_IN_USE(4022, 409),
    ROLLBACK_NOT_READY(4025, 409),
    FAILED(4050, 500),
    NOT_AVAILABLE(4051, 503),
    SERVER_REFUSED(4052, 503),
    TOO_MANY_CLIENTS(4053, 503);

    private final int number;
    private final int status;

    ProblemCode(int number, int status) {
        this.number = number;
        this.status = status;
    }

    /** The one that stands for a status without saying more. */
    static ProblemCode of(int status) {
        return Arrays.stream(values())
                .filter(code -> code.status == status)
                .findFirst()
                .orElse(status < 500 ? WRONG_REQUEST : FAILED);
    }

    /** HTTP. */
    public int status() {
        return status;
    }

    /** {@code CO-4004}. */
    public String text() {
        return "CO-" + number;
    }
}
