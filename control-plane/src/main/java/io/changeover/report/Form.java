package io.changeover.report;

/** A form of the report. */
public enum Form {
    /** For programs; keys in alphabetical order. */
    JSON("application/json"),
    /** For a ticket or a wiki. */
    MARKDOWN("text/markdown"),
    /** One page that needs nothing else, to read and to print. */
    HTML("text/html");

    private final String mediaType;

    Form(String mediaType) {
        this.mediaType = mediaType;
    }

    /** Its name in HTTP. */
    public String mediaType() {
        return mediaType;
    }

    /** The report in this form: the same text for the same report. */
    public String write(AuditReport report) {
        return switch (this) {
            case JSON -> JsonForm.write(report);
            case MARKDOWN -> MarkdownForm.write(Sections.of(report));
            case HTML -> HtmlForm.write("Migration " + report.migration(), Sections.of(report));
        };
    }

    /** The {@code Content-Security-Policy} with which a browser shows the page as it is meant, and runs nothing. */
    public static String htmlPolicy() {
        return HtmlForm.POLICY;
    }
}
