package dev.realtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.realtime.spi.BoundedLog;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

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

    /** Which types of the root may mention the SPI: those that a backend, a codec or a transport is given to or taken from. */
    private static final Set<String> KNOW_THE_SPI = Set.of(
            "dev.realtime.Realtime",
            "dev.realtime.RealtimeBuilder",
            "dev.realtime.Handshake", // made of a transport's request
            "dev.realtime.HandshakeView"); // the same

    @Test
    void onlyTheBuilderAndTheEngineKnowTheSpi() {
        noClasses()
                .that()
                .resideInAPackage("dev.realtime")
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

    /** Who writes without the bounds of {@code spi.BoundedLog}, since no client can cause the line, or not more than one in a minute. */
    private static final Set<String> UNBOUNDED_LINES = Set.of(
            "dev.realtime.jwt.JwksKeys", // a reading is one in a minute
            "dev.realtime.internal.jwt.JwkSet", // the same
            "dev.realtime.internal.engine.NodeLifecycleLog", // starting and stopping
            "dev.realtime.internal.cluster.DeadNodeTakeover", // another node's end
            "dev.realtime.internal.cluster.EpochWatch", // the backend's state
            "dev.realtime.internal.cluster.LeaseKeeper", // a lease
            "dev.realtime.internal.system.Workers", // starting and stopping
            "dev.realtime.internal.system.SharedThreads"); // what the tasks themselves let through

    @Test
    void whatAClientCausesIsLoggedWithinBounds() {
        DescribedPredicate<JavaCall<?>> line = DescribedPredicate.describe(
                "a line of a log",
                call -> call.getTargetOwner().isAssignableTo(Logger.class)
                        && Set.of("trace", "debug", "info", "warn", "error", "atLevel", "atInfo", "atWarn", "atError")
                                .contains(call.getName()));
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(BoundedLog.class.getName())
                .and(DescribedPredicate.describe(
                        "may be made to write by a client",
                        type -> !UNBOUNDED_LINES.contains(type.getName().replaceAll("[$].*", ""))))
                .should()
                .callMethodWhere(line)
                .because(
                        "a client that causes lines without end fills disks; BoundedLog bounds, counts and cleans them")
                .check(CORE);
        assertThat(CORE.stream().filter(type -> UNBOUNDED_LINES.contains(type.getName())))
                .as("each of the exceptions is one")
                .hasSize(UNBOUNDED_LINES.size())
                .allMatch(type -> type.getMethodCallsFromSelf().stream().anyMatch(line));
    }

    @Test
    void theWallsSeeTheWholeModule() {
        assertThat(CORE).anyMatch(type -> type.getPackageName().equals("dev.realtime"));
        assertThat(CORE).anyMatch(type -> type.getPackageName().equals("dev.realtime.spi"));
        assertThat(CORE).anyMatch(type -> type.getPackageName().equals("dev.realtime.internal.system"));
        assertThat(CORE).noneMatch(type -> type.getSimpleName().endsWith("Test"));
    }
}
