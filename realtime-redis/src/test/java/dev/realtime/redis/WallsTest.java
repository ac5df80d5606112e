package dev.realtime.redis;

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

/** The Redis backend stands on the API and the SPI alone: that is how we know that they suffice. */
class WallsTest {
    private static final JavaClasses BACKEND = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.realtime.redis");

    /** Who writes without the bounds of {@code spi.BoundedLog}, since no client can cause the line, or not more than a few. */
    private static final Set<String> UNBOUNDED_LINES = Set.of(
            "dev.realtime.redis.RedisBackend", // starting and stopping
            "dev.realtime.redis.internal.bus.PubSubWriter", // one at the beginning of an outage
            "dev.realtime.redis.internal.bus.PubSubReader", // the same
            "dev.realtime.redis.internal.store.EpochKeeper", // a new epoch
            "dev.realtime.redis.internal.connection.Watchers", // the backend's state
            "dev.realtime.redis.internal.connection.ServerChecks", // starting
            "dev.realtime.redis.internal.connection.Outage", // one for an outage
            "dev.realtime.redis.internal.stream.StreamWriter", // an outage, with a rest between attempts
            "dev.realtime.redis.internal.stream.InFlightAppends", // behind a lost connection
            "dev.realtime.redis.internal.stream.Supervisor", // at debug, a heartbeat
            "dev.realtime.redis.internal.stream.Continuity", // a new epoch
            "dev.realtime.redis.internal.stream.Gaps", // a broken history
            "dev.realtime.redis.internal.stream.StreamReader"); // an outage, with a rest between attempts

    @Test
    void theBackendDoesNotReachIntoTheEngine() {
        assertThat(BACKEND).isNotEmpty(); // a rule about no class at all holds
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.realtime.internal..")
                .check(BACKEND);
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
                .check(BACKEND);
        assertThat(BACKEND.stream().filter(type -> UNBOUNDED_LINES.contains(type.getName())))
                .as("each of the exceptions is one")
                .hasSize(UNBOUNDED_LINES.size())
                .allMatch(type -> type.getMethodCallsFromSelf().stream().anyMatch(line));
    }
}
