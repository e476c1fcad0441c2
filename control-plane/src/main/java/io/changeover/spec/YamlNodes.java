package io.changeover.spec;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads YAML into {@link Node}s: SnakeYAML's node graph, in which every value still knows its line. */
final class YamlNodes {

    private final Problems problems;
    private final Set<org.yaml.snakeyaml.nodes.Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private YamlNodes(Problems problems) {
        this.problems = problems;
    }

    /**
     * Reads one document.
     *
     * @throws InvalidMigrationFile if this is not YAML, or empty
     */
    static Node read(String text, Problems problems) throws InvalidMigrationFile {
        Place root = new Place(1, "", Place.Style.DOTTED);
        try {
            var node = new Yaml(new LoaderOptions()).compose(new StringReader(text));
            if (node != null) {
                return new YamlNodes(problems).convert(node, root);
            }
            problems.add(root, "the file is empty");
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            problems.add(new Place(line, "", root.style()), "not valid YAML: " + e.getProblem());
        } catch (YAMLException e) {
            problems.add(root, "not valid YAML: it holds a character that is not text, or is nested too deeply");
        }
        throw problems.asException();
    }

    private Node convert(org.yaml.snakeyaml.nodes.Node node, Place place) {
        if (!seen.add(node)) {
            problems.add(place, "must be written out: anchors and aliases are not allowed");
            return new Node.Nothing(place);
        }
        if (node instanceof MappingNode mapping) {
            return mapping(mapping, place);
        }
        if (node instanceof SequenceNode sequence) {
            List<Node> items = new ArrayList<>();
            for (var item : sequence.getValue()) {
                items.add(convert(item, place.item(items.size(), line(item))));
            }
            return new Node.Sequence(place, items);
        }
        return scalar((ScalarNode) node, place);
    }

    private Node mapping(MappingNode mapping, Place place) {
        Map<String, Node> values = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            Place below = place.key(key, line(tuple.getKeyNode()));
            if (values.containsKey(key)) {
                problems.add(below, "the key is there twice");
            } else {
                values.put(key, convert(tuple.getValueNode(), below));
            }
        }
        return new Node.Mapping(place, values);
    }

    private static Node scalar(ScalarNode scalar, Place place) {
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.STR)) {
            return new Node.Text(place, scalar.getValue());
        }
        if (tag.equals(Tag.INT)) {
            return new Node.Numeral(place, scalar.getValue());
        }
        if (tag.equals(Tag.BOOL) && scalar.getValue().matches("(?i)true|false")) {
            return new Node.Flag(place, Boolean.parseBoolean(scalar.getValue()));
        }
        return tag.equals(Tag.NULL) ? new Node.Nothing(place) : new Node.Other(place);
    }

    private static int line(org.yaml.snakeyaml.nodes.Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
