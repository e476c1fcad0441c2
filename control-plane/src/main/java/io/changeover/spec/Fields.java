package io.changeover.spec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Typed access to the keys of a mapping. What is missing or wrong is noted and a stand-in is returned, so that the rest
 * is checked as well; nobody sees a stand-in, because a document with a problem gives no specification.
 */
final class Fields {

    /** Accepts any text that is not blank. */
    static final Function<String, Optional<String>> ANY = text -> Optional.empty();

    private final Node.Mapping mapping;
    private final Problems problems;

    private Fields(Node.Mapping mapping, Problems problems) {
        this.mapping = mapping;
        this.problems = problems;
    }

    /** Reads a node as a mapping with these keys and no others. */
    static Fields of(Node node, Problems problems, String... keys) {
        List<String> known = List.of(keys);
        if (node instanceof Node.Mapping mapping) {
            mapping.values().forEach((key, value) -> {
                if (!known.contains(key)) {
                    problems.add(value.place(), "unknown key; " + Suggestion.among(key, known));
                }
            });
            return new Fields(mapping, problems);
        }
        problems.add(node.place(), "must hold keys: " + String.join(", ", known));
        return new Fields(new Node.Mapping(node.place(), Map.of()), problems).stayQuiet();
    }

    /** After the node itself was found wrong, its missing keys are no news. */
    private Fields stayQuiet() {
        return new Fields(mapping, new Problems(""));
    }

    Place place() {
        return mapping.place();
    }

    boolean has(String key) {
        return mapping.values().containsKey(key) && !(mapping.values().get(key) instanceof Node.Nothing);
    }

    /** Where a key is, or where it is missed. */
    Place place(String key) {
        Node node = mapping.values().get(key);
        return node == null ? place().key(key, place().line()) : node.place();
    }

    /** The mapping at a key that has to be there. */
    Fields child(String key, String... keys) {
        Optional<Node> node = required(key);
        return node.isPresent()
                ? of(node.get(), problems, keys)
                : new Fields(new Node.Mapping(place(key), Map.of()), problems).stayQuiet();
    }

    /** The items of the list at a key that has to be there, each a mapping with these keys. */
    List<Fields> children(String key, String... keys) {
        List<Fields> children = new ArrayList<>();
        required(key).ifPresent(node -> {
            if (node instanceof Node.Sequence sequence && !sequence.items().isEmpty()) {
                sequence.items().forEach(item -> children.add(of(item, problems, keys)));
            } else {
                problems.add(node.place(), "must be a list with at least one item");
            }
        });
        return children;
    }

    /** The same of a list that may be absent or empty. */
    List<Fields> optionalChildren(String key, String... keys) {
        boolean none = mapping.values().get(key) instanceof Node.Sequence sequence
                && sequence.items().isEmpty();
        return !has(key) || none ? List.of() : children(key, keys);
    }

    /** Texts under keys of the writer's own choice, which may be absent; each passes a check of key and text. */
    Map<String, String> optionalTexts(String key, BiFunction<String, String, Optional<String>> check) {
        if (!has(key)) {
            return Map.of();
        }
        Node node = required(key).orElseThrow();
        if (!(node instanceof Node.Mapping texts)) {
            problems.add(node.place(), "must hold keys and texts");
            return Map.of();
        }
        Map<String, String> found = new LinkedHashMap<>();
        texts.values().forEach((name, value) -> found.put(name, text(value, text -> check.apply(name, text))));
        return found;
    }

    /** Text that has to be there and pass a check, which says what is wrong with it. */
    String text(String key, Function<String, Optional<String>> check) {
        return required(key).map(node -> text(node, check)).orElse("");
    }

    /** Text that may be absent. */
    Optional<String> optionalText(String key, Function<String, Optional<String>> check) {
        return has(key) ? Optional.of(text(key, check)) : Optional.empty();
    }

    /** A list of texts that may be absent, each of which passes a check. */
    List<String> texts(String key, Function<String, Optional<String>> check) {
        if (!has(key)) {
            return List.of();
        }
        Node node = required(key).orElseThrow();
        if (!(node instanceof Node.Sequence sequence)) {
            problems.add(node.place(), "must be a list");
            return List.of();
        }
        return sequence.items().stream().map(item -> text(item, check)).toList();
    }

    private String text(Node node, Function<String, Optional<String>> check) {
        if (!(node instanceof Node.Text text)) {
            problems.add(node.place(), "must be text" + (isOneValue(node) ? ": put it in quotes" : ""));
            return "";
        }
        (text.value().isBlank() ? Optional.of("is empty") : check.apply(text.value()))
                .ifPresent(message -> problems.add(node.place(), message));
        return text.value();
    }

    private static boolean isOneValue(Node node) {
        return node instanceof Node.Numeral || node instanceof Node.Flag || node instanceof Node.Other;
    }

    /** A whole number that has to be there, within bounds. */
    int number(String key, int least, int most) {
        return required(key).map(node -> number(node, least, most)).orElse(least);
    }

    private int number(Node node, int least, int most) {
        if (node instanceof Node.Numeral numeral && numeral.digits().matches("[0-9]{1,9}")) {
            int value = Integer.parseInt(numeral.digits());
            if (value >= least && value <= most) {
                return value;
            }
        }
        problems.add(node.place(), "must be a whole number from " + least + " to " + most);
        return least;
    }

    /** {@code true} or {@code false}; the given one if the key is absent. */
    boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        Node node = required(key).orElseThrow();
        if (node instanceof Node.Flag flag) {
            return flag.value();
        }
        problems.add(node.place(), "must be true or false");
        return otherwise;
    }

    /** One of an enum's words; the fallback if the key is absent. */
    <E extends Enum<E> & Worded> E word(String key, Class<E> type, E fallback) {
        if (!has(key)) {
            return fallback;
        }
        List<E> constants = Arrays.asList(type.getEnumConstants());
        List<String> words = constants.stream().map(Worded::word).toList();
        String written = text(
                key,
                text -> words.contains(text)
                        ? Optional.empty()
                        : Optional.of("\"" + text + "\" is none of its values; " + Suggestion.among(text, words)));
        return constants.stream()
                .filter(constant -> constant.word().equals(written))
                .findFirst()
                .orElse(fallback);
    }

    /** One of an enum's words; empty if the key is absent, or the word is none of them. */
    <E extends Enum<E> & Worded> Optional<E> optionalWord(String key, Class<E> type) {
        return has(key) ? Optional.of(word(key, type, type.getEnumConstants()[0])) : Optional.empty();
    }

    /** One of an enum's words, which has to be there; a stand-in if it is not. */
    <E extends Enum<E> & Worded> E requiredWord(String key, Class<E> type, E standIn) {
        return required(key).isPresent() ? word(key, type, standIn) : standIn;
    }

    private Optional<Node> required(String key) {
        if (!has(key)) {
            problems.add(place(key), "is missing");
            return Optional.empty();
        }
        return Optional.ofNullable(mapping.values().get(key));
    }
}
