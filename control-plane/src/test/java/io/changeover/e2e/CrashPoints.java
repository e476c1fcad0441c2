package io.changeover.e2e;

import io.changeover.fault.CrashPoint;
import java.util.stream.Stream;

/** The crash points that a test is for; {@code -Dfaults.points=ROLLBACK_AFTER_FENCE,…} takes some of them. */
final class CrashPoints {

    private CrashPoints() {}

    static Stream<CrashPoint> cutover() {
        return of("cutover");
    }

    static Stream<CrashPoint> fallback() {
        return of("fallback");
    }

    static Stream<CrashPoint> rollback() {
        return of("rollback");
    }

    private static Stream<CrashPoint> of(String part) {
        String names = System.getProperty("faults.points", "");
        Stream<CrashPoint> wanted = names.isEmpty()
                ? Stream.of(CrashPoint.values())
                : Stream.of(names.split(",")).map(CrashPoint::valueOf);
        return wanted.filter(point -> point.part().equals(part));
    }
}
