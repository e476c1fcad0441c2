package io.changeover.preflight;

import java.util.List;
import java.util.stream.Stream;

/**
 * One check: facts in, findings out, nothing else touched.
 *
 * @param <F> the facts that it looks at
 */
@FunctionalInterface
interface Rule<F> {

    /** What is wrong; empty if nothing is. */
    Stream<Finding> check(F facts, PreflightRequest request);

    /** What all the rules find, in their order. */
    static <F> Stream<Finding> checkAll(List<Rule<F>> rules, F facts, PreflightRequest request) {
        return rules.stream().flatMap(rule -> rule.check(facts, request));
    }

    /** The finding if the condition holds. */
    static Stream<Finding> when(boolean condition, FindingCode code, String object, String message, String fix) {
        return condition ? Stream.of(code.on(object, message, fix)) : Stream.empty();
    }

    /** The same with a fix that can be copied. */
    static Stream<Finding> when(boolean condition, FindingCode code, String object, String message, Fix fix) {
        return condition ? Stream.of(code.on(object, message, fix)) : Stream.empty();
    }
}
