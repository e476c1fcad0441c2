package io.changeover.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.changeover.api.Json;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** How a command writes what it found: for people, or for a program, with the keys of REST. */
final class Output {

    /** A form. */
    enum Form {
        TABLE,
        JSON,
        YAML
    }

    private static final ObjectMapper YAML = new YAMLMapper();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json|yaml",
            defaultValue = "table",
            description = "How to write it (default: ${DEFAULT-VALUE}); json and yaml have the keys of REST.")
    private Form form = Form.TABLE;

    /** Whether it is for people. */
    boolean isTable() {
        return form == Form.TABLE;
    }

    /**
     * Writes it once.
     *
     * @param value as REST has it
     * @param table the same for people, with the end of its last line
     */
    void print(Object value, Supplier<String> table) {
        switch (form) {
            case TABLE -> System.out.print(table.get());
            case JSON -> System.out.println(json(value, true));
            case YAML -> System.out.print(yaml(value));
        }
        System.out.flush();
    }

    /** Writes one of many looks: JSON in a line each, YAML in a document each. */
    void printNext(Object value) {
        System.out.print(form == Form.YAML ? yaml(value) : json(value, false) + System.lineSeparator());
        System.out.flush();
    }

    private static String json(Object value, boolean pretty) {
        try {
            return pretty
                    ? Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(value)
                    : Json.mapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String yaml(Object value) {
        try {
            return YAML.writeValueAsString(Json.mapper().<JsonNode>valueToTree(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
