package dev.realtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The walls of core: what it may depend on, and the one package through which it reaches the machine. */
class WallsTest {
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.realtime");

    @Test
    void coreDependsOnNothingButItsFewLibraries() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.crypto..",
                        "dev.realtime..",
                        "org.jspecify..",
                        "org.slf4j..",
                        "com.fasterxml.jackson..",
                        "com.auth0..",
                        "io.github.resilience4j..")
                .check(CORE);
    }

    @Test
    void onlyOnePackageReachesTheMachineForTimeThreadsAndRandomness() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.realtime.internal.system..")
                .should()
                .accessTargetWhere(new MachineAccess())
                .because("time, threads and ids come from spi.Time, the executor the engine is given, and spi.Ids:"
                        + " a test replaces them, and one seed gives one trace")
                .check(CORE);
    }

    @Test
    void onlyOnePackageMakesKindsOfThreads() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.realtime.internal.system..")
                .should()
                .beAssignableTo(Thread.class)
                .check(CORE);
    }

    @Test
    void theSpiDoesNotKnowTheEngineBehindIt() {
        noClasses()
                .that()
                .resideInAPackage("dev.realtime.spi..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.realtime.internal..")
                .check(CORE);
    }

    @Test
    void internalConceptsFormNoCycles() {
        slices().matching("dev.realtime.internal.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CORE);
    }

    @Test
    void theWallsSeeTheWholeModule() {
        assertThat(CORE).anyMatch(type -> type.getPackageName().equals("dev.realtime"));
        assertThat(CORE).anyMatch(type -> type.getPackageName().equals("dev.realtime.spi"));
        assertThat(CORE).anyMatch(type -> type.getPackageName().equals("dev.realtime.internal.system"));
        assertThat(CORE).noneMatch(type -> type.getSimpleName().endsWith("Test"));
    }
}
