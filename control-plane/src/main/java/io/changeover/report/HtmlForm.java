package io.changeover.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/** Sections as one page that loads nothing and runs nothing, and prints with its table heads on each sheet. */
final class HtmlForm {

    private static final String STYLE = """
            body{font:14px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:#1a1a1a}
            h1,h2{border-bottom:1px solid #999}h2{margin-top:2.5rem}h3{margin:1.5rem 0 .3rem}
            table{border-collapse:collapse;width:100%}
            th,td{border:1px solid #bbb;padding:.2rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
            th{background:#eee}thead{display:table-header-group}tr{break-inside:avoid}h2,h3{break-after:avoid}
            @media print{body{margin:0;max-width:none;font-size:9pt}th{background:none}}
            """;

    /** This style, and nothing else. */
    private static final String CONTENT = "default-src 'none'; style-src '" + hash(STYLE) + "'";

    /** For the answer's header, which would otherwise forbid the style. */
    static final String POLICY = CONTENT + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private HtmlForm() {}

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }

    static String write(String title, List<Section> sections) {
        StringBuilder page = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"" + CONTENT + "\">\n<title>" + escaped(title)
                + "</title>\n<style>" + STYLE + "</style>\n</head>\n<body>\n");
        sections.forEach(section -> section(page, section));
        return page.append("</body>\n</html>\n").toString();
    }

    private static void section(StringBuilder page, Section section) {
        String heading = "h" + section.level();
        element(page, heading, section.title());
        section.text().forEach(text -> element(page, "p", text));
        if (!section.header().isEmpty()) {
            page.append("<table>\n<thead>");
            row(page, "th", section.header());
            page.append("</thead>\n<tbody>\n");
            section.rows().forEach(cells -> row(page, "td", cells));
            page.append("</tbody>\n</table>\n");
        }
    }

    private static void row(StringBuilder page, String cell, List<String> cells) {
        page.append("<tr>");
        cells.forEach(text -> page.append('<')
                .append(cell)
                .append('>')
                .append(escaped(text))
                .append("</")
                .append(cell)
                .append('>'));
        page.append("</tr>\n");
    }

    private static void element(StringBuilder page, String name, String text) {
        page.append('<')
                .append(name)
                .append('>')
                .append(escaped(text))
                .append("</")
                .append(name)
                .append(">\n");
    }

    private static String escaped(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
