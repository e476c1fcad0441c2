package io.changeover;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.changeover.cli.Main;
import io.changeover.postgres.TableName;
import java.sql.DriverManager;
import java.util.List;
import org.postgresql.Driver;
import org.postgresql.replication.LogSequenceNumber;

/** What may know what, over all modules; the reasons are in the design. */
@AnalyzeClasses(packages = "io.changeover", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** Everything but the two sides of the change topic and what they share. */
    private static final String[] CONTROL_PLANE = {
        "io.changeover.access..",
        "io.changeover.api..",
        "io.changeover.bench..",
        "io.changeover.cli..",
        "io.changeover.connect..",
        "io.changeover.cutover..",
        "io.changeover.ddl..",
        "io.changeover.demo..",
        "io.changeover.embedded..",
        "io.changeover.fallback..",
        "io.changeover.kafka..",
        "io.changeover.former..",
        "io.changeover.hook..",
        "io.changeover.lag..",
        "io.changeover.leader..",
        "io.changeover.metrics..",
        "io.changeover.migration..",
        "io.changeover.plan..",
        "io.changeover.preflight..",
        "io.changeover.report..",
        "io.changeover.roles..",
        "io.changeover.runner..",
        "io.changeover.schema..",
        "io.changeover.spec..",
        "io.changeover.store..",
        "io.changeover.verify.."
    };

    @ArchTest
    static final ArchRule contractKnowsNobody = classes()
            .that()
            .resideInAPackage("io.changeover.contract..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage("io.changeover.contract..", "java.lang..", "java.util..")
                    .or(resideInAnyPackage("java.io", "org.jspecify.annotations"))
                    .or(belongToAnyOf(TableName.class, LogSequenceNumber.class)));

    @ArchTest
    static final ArchRule decisionsDoNoInputOrOutput = noClasses()
            .that()
            .resideInAPackage("io.changeover.migration..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.sql..",
                    "java.net..",
                    "java.io..",
                    "java.nio.file..",
                    "org.apache.kafka..",
                    "org.postgresql..",
                    "com.fasterxml..",
                    "jakarta..");

    @ArchTest
    static final ArchRule onlyCaptureTouchesDebezium = noClasses()
            .that()
            .resideOutsideOfPackage("io.changeover.capture..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.debezium..");

    @ArchTest
    static final ArchRule sinkKnowsTheContractAndTheLedgerOnly = noClasses()
            .that()
            .resideInAPackage("io.changeover.sink..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(CONTROL_PLANE)
                    .or(resideInAnyPackage("io.changeover.capture..", "io.changeover.load..")));

    @ArchTest
    static final ArchRule connectorsDoNotKnowTheControlPlane = noClasses()
            .that()
            .resideInAnyPackage("io.changeover.capture..", "io.changeover.load..", "io.changeover.ledger..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(CONTROL_PLANE).or(resideInAnyPackage("io.changeover.sink..")));

    @ArchTest
    static final ArchRule captureAndLoadDoNotKnowEachOther =
            slices().matching("io.changeover.(capture|load)..").should().notDependOnEachOther();

    /** Exceptions: the checks before anything is started, the wiring, and the demo, which is an application besides. */
    @ArchTest
    static final ArchRule commandReachesMigrationsThroughTheApiOnly = noClasses()
            .that(resideInAnyPackage("io.changeover.cli..")
                    .and(not(named("MigrationRun", "PreflightCommand", "PlanCommand", "Stack", "DemoCommand"))))
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "io.changeover.store..",
                    "io.changeover.connect..",
                    "io.changeover.runner..",
                    "io.changeover.plan..",
                    "io.changeover.preflight..",
                    "io.changeover.cutover..",
                    "io.changeover.ddl..",
                    "io.changeover.roles..",
                    "io.changeover.schema..",
                    "io.changeover.lag..",
                    "io.changeover.verify..",
                    "io.changeover.ledger..",
                    "io.changeover.demo..",
                    "io.changeover.embedded..",
                    "java.sql.."));

    @ArchTest
    static final ArchRule nobodyKnowsTheCommand = noClasses()
            .that()
            .resideOutsideOfPackage("io.changeover.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(Main.class.getPackageName());

    @ArchTest
    static final ArchRule onlyTheStoreKnowsWhereStateIs = noClasses()
            .that()
            .resideInAnyPackage("io.changeover.api..", "io.changeover.connect..", "io.changeover.cutover..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.changeover.store..");

    /** Whoever builds a URL lets a setting choose what the driver loads. */
    @ArchTest
    static final ArchRule connectionsAreOpenedInOnePlace = noClasses()
            .that()
            .resideOutsideOfPackage("io.changeover.postgres..")
            .should()
            .dependOnClassesThat(
                    type(DriverManager.class).or(type(Driver.class)).or(resideInAnyPackage("org.postgresql.ds..")));

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.changeover.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule stagesOfTheSinkHaveNoCycles =
            slices().matching("io.changeover.sink.(*)..").should().beFreeOfCycles();

    private static DescribedPredicate<JavaClass> named(String... names) {
        return DescribedPredicate.describe(
                "are " + String.join(", ", names),
                // a class nested in one of them is a part of it
                found -> List.of(names).stream()
                        .anyMatch(name -> found.getName().matches("io\\.changeover\\.cli\\." + name + "(\\$.*)?")));
    }
}
