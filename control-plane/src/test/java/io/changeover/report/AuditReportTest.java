package io.changeover.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.changeover.migration.AuditEntry;
import io.changeover.migration.Change;
import io.changeover.migration.ComparisonResult;
import io.changeover.migration.CutoverResult;
import io.changeover.migration.DatabaseStatus;
import io.changeover.migration.Fallback;
import io.changeover.migration.Migration;
import io.changeover.migration.Step;
import io.changeover.migration.VerificationResult;
import io.changeover.migration.VerificationRun;
import io.changeover.migration.VerifiedTable;
import io.changeover.migration.Way;
import io.changeover.postgres.TableName;
import io.changeover.spec.CutoverSpec;
import io.changeover.spec.DatabasePair;
import io.changeover.spec.LoadSpec;
import io.changeover.spec.MigrationSpec;
import io.changeover.spec.ReplicaIdentityMode;
import io.changeover.spec.RolesMode;
import io.changeover.spec.SchemaMode;
import io.changeover.spec.ServerSpec;
import io.changeover.spec.SslMode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class AuditReportTest {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final DatabasePair PAIR = new DatabasePair("from", "to");
    private static final String HOSTILE = "<script>alert(1)</script> | [x](javascript:y)\n# title";

    @Test
    void whatComesFromOthersIsTextInEveryForm() {
        AuditReport report = report(status -> status.failed(HOSTILE, AT));

        assertThat(Form.HTML.write(report))
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<script");
        assertThat(Form.MARKDOWN.write(report))
                .contains("\\<script\\>", "\\| \\[x\\]\\(javascript:y\\) \\# title")
                .doesNotContainPattern("(?<!\\\\)[<\\[]");
    }

    @Test
    void jsonHasItsKeysInOrderAndIsTheSameEveryTime() {
        String json = Form.JSON.write(report(status -> status));

        assertThat(json).isEqualTo(Form.JSON.write(report(status -> status))).endsWith("}\n");
        assertThat(json.indexOf("\"asOf\""))
                .isLessThan(json.indexOf("\"databases\""))
                .isLessThan(json.indexOf("\"schemaVersion\""));
        assertThat(json).contains("\"schemaVersion\" : 1", "\"asOf\" : \"2026-01-01T00:00:09Z\"");
    }

    @Test
    void literalPasswordIsNotInIt() {
        assertThat(List.of(Form.values()))
                .allSatisfy(
                        form -> assertThat(form.write(report(status -> status))).doesNotContain("hunter2"));
        assertThat(Form.JSON.write(report(status -> status))).contains("${env:P}", "(hidden)");
    }

    @Test
    void stepIsDoneWhenItWasRecordedTheLastTime() {
        AuditReport report = report(status -> status.with(Step.LOAD));

        assertThat(report.databases().get(0).steps()).containsExactly(new AuditReport.Done("LOAD", AT.plusSeconds(9)));
        assertThat(report(status -> status).databases().get(0).steps())
                .as("taken back")
                .isEmpty();
    }

    @Test
    void whatWasVerifiedIsTold() {
        AuditReport report = report(status -> status);

        assertThat(Form.MARKDOWN.write(report))
                .contains(
                        "Verified while changes flowed",
                        "asked for by alice",
                        "public.rows",
                        "0/77",
                        "0011223344556677")
                .doesNotContain("on the way back");
        assertThat(Form.JSON.write(report))
                .contains("\"outcome\" : \"DIFFERENT\"", "\"askedBy\" : \"alice\"")
                .doesNotContain("the shape");
    }

    @Test
    void rollbackIsToldWithWhatWasFoundAfterIt() {
        CutoverResult rollback = new CutoverResult(77, "0/9", 3, 0, List.of());
        ComparisonResult equal = new ComparisonResult(true, List.of(), List.of(), List.of(), 5);
        UnaryOperator<DatabaseStatus> rolledBack = status -> status.withFallbackBegun()
                .withFallbackArmed("the-marker")
                .withFallback(Fallback.Phase.FOLLOWING)
                .rolledBack(rollback, AT);

        assertThat(report(rolledBack).equal()).as("not compared yet").isFalse();
        AuditReport compared = report(status -> rolledBack.apply(status).comparedBack(equal));
        assertThat(compared.equal()).isTrue();
        assertThat(Form.MARKDOWN.write(compared))
                .contains("or rolled back", "the-marker", "Rollback", "77 ms", "Comparison: equal");
        assertThat(Form.JSON.write(compared)).contains("\"fallback\"", "\"phase\" : \"COMPARED\"");
    }

    private static AuditReport report(UnaryOperator<DatabaseStatus> change) {
        MigrationSpec spec = new MigrationSpec(
                "m",
                new ServerSpec("a", 1, "u", "${env:P}", SslMode.DISABLE, Optional.empty()),
                new ServerSpec("b", 2, "u", "hunter2", SslMode.DISABLE, Optional.empty()),
                List.of(PAIR),
                SchemaMode.COPY,
                RolesMode.LEAVE,
                ReplicaIdentityMode.KEEP,
                LoadSpec.DEFAULT,
                CutoverSpec.DEFAULT,
                Optional.empty());
        return AuditReport.of(
                "1.0",
                Migration.created(spec, AT).with(PAIR, change),
                List.of(steps(1, "", "LOAD"), steps(5, "LOAD", ""), steps(9, "", "LOAD APPLY")),
                (status, way) -> way == Way.THERE ? verified() : VerificationResult.NONE);
    }

    private static VerificationResult verified() {
        VerifiedTable table = new VerifiedTable(
                new TableName("public", "rows"),
                VerifiedTable.Outcome.DIFFERENT,
                12,
                1,
                Optional.of("0/77"),
                Optional.of(AT),
                List.of(new VerifiedTable.Mismatch("0011223344556677", "MISSING")),
                Optional.empty(),
                false,
                false,
                false,
                "the shape",
                Optional.empty());
        return new VerificationResult(VerificationRun.NONE.begun(AT, "alice").over(AT.plusSeconds(3)), List.of(table));
    }

    private static AuditEntry steps(int second, String before, String after) {
        return new AuditEntry(
                AT.plusSeconds(second), "m", "control plane", "", List.of(new Change("from", "steps", before, after)));
    }
}
