package io.changeover.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

/** The report as a build server reads it. */
class JUnitFindingsTest {

    private static final PreflightReport REPORT = new PreflightReport(
            List.of(
                    FindingCode.NO_REPLICA_IDENTITY.on("table <a> & \u001b \uD800", "No \"key\".", "alter table a …"),
                    FindingCode.NO_REPLICA_IDENTITY.on("table b", "No key.", "alter table b …"),
                    FindingCode.TABLES_UNLOGGED.on("database d", "Not migrated.", "set logged")),
            EnumSet.of(Part.CONNECTIONS, Part.SOURCE_DATABASE),
            Instant.parse("2026-11-27T00:00:00Z"));

    @Test
    void everyCodeIsATestCaseThatFailsOnlyIfItBlocks() throws Exception {
        Document xml = parse(JUnitFindings.render("shop", REPORT));

        assertThat(count(xml, "//testcase")).isEqualTo(FindingCode.values().length);
        assertThat(count(xml, "//failure")).isEqualTo(1);
        assertThat(text(xml, "//testcase[failure]/@name")).isEqualTo("CO-1203 no replica identity");
        assertThat(text(xml, "//failure")).contains("table <a> & ? ?", "alter table b …");
        assertThat(text(xml, "//testcase[system-out]/@name")).startsWith("CO-1206 ");
        assertThat(text(xml, "/testsuite/@failures")).isEqualTo("1");
        assertThat(text(xml, "/testsuite/@tests")).isEqualTo(String.valueOf(FindingCode.values().length));
    }

    @Test
    void whatCouldNotBeReachedIsSkippedAndNotPassed() throws Exception {
        Document xml = parse(JUnitFindings.render("shop", REPORT));

        assertThat(text(xml, "//testcase[starts-with(@name, 'CO-1301')]/skipped/@message"))
                .contains("target");
        assertThat(count(xml, "//testcase[starts-with(@name, 'CO-1001')]/skipped"))
                .isZero();
        assertThat(text(xml, "/testsuite/@skipped")).isEqualTo(String.valueOf(count(xml, "//skipped")));
    }

    private static Document parse(String text) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static int count(Document xml, String path) throws Exception {
        return Integer.parseInt(text(xml, "count(" + path + ")"));
    }

    private static String text(Document xml, String path) throws Exception {
        return XPathFactory.newInstance().newXPath().evaluate(path, xml);
    }
}
