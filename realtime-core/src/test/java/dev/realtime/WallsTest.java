package dev.realtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.realtime.internal.node.NodeContext;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The walls of core: what it may depend on, and the one package through which it reaches the machine. Those that other modules have too are in
 * {@code build-checks}.
 */
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

    /** Which types of the root may mention the SPI: those that a backend, a codec or a transport is given to or taken from. */
    private static final Set<String> KNOW_THE_SPI = Set.of("dev.realtime.Realtime", "dev.realtime.RealtimeBuilder");

    @Test
    void onlyTheBuilderAndTheEngineKnowTheSpi() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.realtime", "dev.realtime.transport")
                .and(DescribedPredicate.describe(
                        "are not known to need it",
                        type -> !KNOW_THE_SPI.contains(type.getName().replaceAll("[$].*", ""))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.realtime.spi..")
                .check(CORE);
    }

    @Test
    void theRootIsSmall() {
        assertThat(CORE.stream()
                        .filter(type -> type.getPackageName().equals("dev.realtime"))
                        .filter(type ->
                                type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                        .map(JavaClass::getSimpleName))
                .as("types that everybody needs; those of a feature have a package of their own")
                .hasSizeBetween(20, 40);
    }

    @Test
    void internalConceptsFormNoCycles() {
        slices().matching("dev.realtime.internal.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CORE);
    }

    /** Who puts the parts of a node together, and takes out of its options what each of them uses. */
    private static final Set<String> ASSEMBLE = Set.of(
            "dev.realtime.RealtimeBuilder",
            "dev.realtime.internal.engine.Engine",
            "dev.realtime.internal.engine.NodeLifecycleLog", // says what the node runs with
            "dev.realtime.internal.engineio.EngineDoors",
            "dev.realtime.internal.namespace.Namespaces",
            "dev.realtime.internal.namespace.NamespaceFactory",
            "dev.realtime.internal.recovery.RecoveryServices",
            "dev.realtime.internal.session.Pipeline",
            "dev.realtime.internal.session.SessionFactory",
            "dev.realtime.internal.session.SessionRecords");

    @Test
    void everyOtherClassIsGivenWhatItUses() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(NodeContext.class.getName())
                .and(DescribedPredicate.describe(
                        "do not put parts together",
                        type -> !ASSEMBLE.contains(type.getName().replaceAll("[$].*", ""))))
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName(NodeContext.class.getName())
                .because("who can ask for everything does not say what it uses")
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
