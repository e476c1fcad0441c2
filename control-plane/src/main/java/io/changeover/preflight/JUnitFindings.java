package io.changeover.preflight;

import java.io.StringWriter;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A preflight as the test report that build servers read: one test case per code, which fails if it blocks, is skipped
 * if its check did not run, and otherwise passes, with what warns or informs as its output.
 */
public final class JUnitFindings {

    private static final String SUITE = "changeover preflight";

    private JUnitFindings() {}

    /**
     * The document.
     *
     * @param migration the migration's name
     */
    public static String render(String migration, PreflightReport report) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            suite(xml, migration, report);
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("A document in memory cannot be written", e);
        }
        return text + "\n";
    }

    private static void suite(XMLStreamWriter xml, String migration, PreflightReport report) throws XMLStreamException {
        List<FindingCode> codes = PreflightReport.codes();
        start(xml, "testsuite", "name", SUITE + " " + migration);
        attribute(xml, "timestamp", report.at().toString());
        attribute(xml, "tests", String.valueOf(codes.size()));
        attribute(xml, "failures", count(codes, code -> fails(code, report)));
        attribute(xml, "errors", "0");
        attribute(xml, "skipped", count(codes, code -> !report.ran(code)));
        for (FindingCode code : codes) {
            start(xml, "testcase", "classname", SUITE + "." + code.part().words());
            attribute(xml, "name", code.code() + " " + code.words());
            outcome(xml, code, report);
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private static String count(List<FindingCode> codes, Predicate<FindingCode> condition) {
        return String.valueOf(codes.stream().filter(condition).count());
    }

    private static boolean fails(FindingCode code, PreflightReport report) {
        return code.severity() == Severity.BLOCKS && !report.of(code).isEmpty();
    }

    private static void outcome(XMLStreamWriter xml, FindingCode code, PreflightReport report)
            throws XMLStreamException {
        List<Finding> found = report.of(code);
        if (fails(code, report)) {
            start(
                    xml,
                    "failure",
                    "message",
                    found.get(0).object() + ": " + found.get(0).message());
            attribute(xml, "type", code.code());
            xml.writeCharacters(clean(text(found)));
            xml.writeEndElement();
        } else if (!found.isEmpty()) {
            xml.writeStartElement("system-out");
            xml.writeCharacters(clean(text(found)));
            xml.writeEndElement();
        } else if (!report.ran(code)) {
            start(xml, "skipped", "message", "not reached: " + code.part().words());
            xml.writeEndElement();
        }
    }

    private static String text(List<Finding> findings) {
        return findings.stream().map(FindingsText::block).collect(Collectors.joining("\n"));
    }

    private static void start(XMLStreamWriter xml, String element, String attribute, String value)
            throws XMLStreamException {
        xml.writeCharacters("\n");
        xml.writeStartElement(element);
        attribute(xml, attribute, value);
    }

    private static void attribute(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, clean(value));
    }

    /** What XML 1.0 has no way to write; a name in PostgreSQL may hold it. */
    private static String clean(String text) {
        return text.replaceAll("[^\\u0009\\u000A\\u000D\\u0020-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "?");
    }
}
