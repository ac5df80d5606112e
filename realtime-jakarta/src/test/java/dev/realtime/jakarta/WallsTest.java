package dev.realtime.jakarta;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** The transports, this one and the standalone server, use the API and the SPI alone: that is how we know that they suffice. */
class WallsTest {
    private static final JavaClasses TRANSPORTS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.realtime.jakarta", "dev.realtime.standalone");

    /** Who writes without the bounds of {@code spi.BoundedLog}, since no client can cause the line, or not more than a few. */
    private static final Set<String> UNBOUNDED_LINES = Set.of(
            "dev.realtime.jakarta.RealtimeServlet", // starting
            "dev.realtime.standalone.DeadlineTimer", // a sweep of the server itself
            "dev.realtime.standalone.StandaloneServer"); // starting and stopping

    @Test
    void theTransportsDoNotReachIntoTheEngine() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.realtime.internal..")
                .check(TRANSPORTS);
    }

    @Test
    void whatAClientCausesIsLoggedWithinBounds() {
        DescribedPredicate<JavaCall<?>> line = DescribedPredicate.describe(
                "a line of a log",
                call -> call.getTargetOwner().isAssignableTo(Logger.class)
                        && Set.of("trace", "debug", "info", "warn", "error", "atLevel", "atInfo", "atWarn", "atError")
                                .contains(call.getName()));
        noClasses()
                .that(DescribedPredicate.describe(
                        "may be made to write by a client",
                        type -> !UNBOUNDED_LINES.contains(type.getName().replaceAll("[$].*", ""))))
                .should()
                .callMethodWhere(line)
                .because(
                        "a client that causes lines without end fills disks; spi.BoundedLog bounds, counts and cleans them")
                .check(TRANSPORTS);
        assertThat(TRANSPORTS.stream().filter(type -> UNBOUNDED_LINES.contains(type.getName())))
                .as("each of the exceptions is one")
                .hasSize(UNBOUNDED_LINES.size())
                .allMatch(type -> type.getMethodCallsFromSelf().stream().anyMatch(line));
    }
}
