package io.changeover.spec;

import java.util.List;
import java.util.Map;

/** A value of a document, YAML or JSON, with its place: what the checks read, whatever the document was written in. */
sealed interface Node {

    Place place();

    /** Keys with their values, in the document's order. */
    record Mapping(Place place, Map<String, Node> values) implements Node {}

    /** A list. */
    record Sequence(Place place, List<Node> items) implements Node {}

    /** Text. */
    record Text(Place place, String value) implements Node {}

    /** A number, as it is written. */
    record Numeral(Place place, String digits) implements Node {}

    /** True or false. */
    record Flag(Place place, boolean value) implements Node {}

    /** Anything else that is one value: a date. */
    record Other(Place place) implements Node {}

    /** A key without a value. */
    record Nothing(Place place) implements Node {}
}
