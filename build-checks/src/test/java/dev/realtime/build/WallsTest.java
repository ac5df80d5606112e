package dev.realtime.build;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

/** The walls that stand in more than one module. Those of the core alone are in its own {@code WallsTest}. */
class WallsTest {
    private static final Set<String> LEVELS =
            Set.of("trace", "debug", "info", "warn", "error", "atLevel", "atInfo", "atWarn", "atError");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "realtime-testkit",
                "realtime-standalone",
                "realtime-jakarta",
                "realtime-redis",
                "realtime-micrometer",
                "realtime-admin"
            })
    void theApiAndTheSpiSuffice(String module) {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.realtime.internal..")
                .check(classesOf(module));
    }

    /** Who writes without the bounds of {@code spi.BoundedLog}, since no client can cause the line, or not more than a few. */
    private static Stream<Arguments> unboundedLines() {
        return Stream.of(
                Arguments.of(
                        "realtime-core",
                        Set.of(
                                "dev.realtime.spi.BoundedLog", // the bounds themselves
                                "dev.realtime.jwt.JwksKeys", // a reading is one in a minute
                                "dev.realtime.internal.jwt.JwkSet", // the same
                                "dev.realtime.internal.engine.NodeLifecycleLog", // starting and stopping
                                "dev.realtime.internal.cluster.DeadNodeTakeover", // another node's end
                                "dev.realtime.internal.cluster.EpochWatch", // the backend's state
                                "dev.realtime.internal.cluster.LeaseKeeper", // a lease
                                "dev.realtime.internal.logs.SlowHandlers", // one a minute for each contract
                                "dev.realtime.internal.system.Workers", // starting and stopping
                                "dev.realtime.internal.system.SharedThreads")), // what the tasks themselves let through
                Arguments.of("realtime-jakarta", Set.of("dev.realtime.jakarta.RealtimeServlet")), // starting
                Arguments.of(
                        "realtime-standalone",
                        Set.of(
                                "dev.realtime.standalone.DeadlineTimer", // a sweep of the server itself
                                "dev.realtime.standalone.SelectorThreads", // stopping
                                "dev.realtime.standalone.StandaloneServer", // starting and stopping
                                "dev.realtime.standalone.WarmUp")), // before there are clients
                Arguments.of(
                        "realtime-redis",
                        Set.of(
                                "dev.realtime.redis.RedisBackend", // starting and stopping
                                "dev.realtime.redis.internal.bus.PubSubWriter", // one at the beginning of an outage
                                "dev.realtime.redis.internal.bus.PubSubReader", // the same
                                "dev.realtime.redis.internal.store.EpochKeeper", // a new epoch
                                "dev.realtime.redis.internal.connection.Watchers", // the backend's state
                                "dev.realtime.redis.internal.connection.ServerChecks", // starting
                                "dev.realtime.redis.internal.connection.Outage", // one for an outage
                                "dev.realtime.redis.internal.stream.StreamWriter", // an outage, with a rest
                                "dev.realtime.redis.internal.stream.InFlightAppends", // behind a lost connection
                                "dev.realtime.redis.internal.stream.Supervisor", // at debug, a heartbeat
                                "dev.realtime.redis.internal.stream.Continuity", // a new epoch
                                "dev.realtime.redis.internal.stream.Gaps", // a broken history
                                "dev.realtime.redis.internal.stream.StreamReader"))); // an outage, with a rest
    }

    @ParameterizedTest
    @MethodSource("unboundedLines")
    void whatAClientCausesIsLoggedWithinBounds(String module, Set<String> exceptions) {
        JavaClasses classes = classesOf(module);
        DescribedPredicate<JavaCall<?>> line = DescribedPredicate.describe(
                "a line of a log",
                call -> call.getTargetOwner().isAssignableTo(Logger.class) && LEVELS.contains(call.getName()));
        noClasses()
                .that(DescribedPredicate.describe(
                        "may be made to write by a client", type -> !exceptions.contains(topLevel(type))))
                .should()
                .callMethodWhere(line)
                .because(
                        "a client that causes lines without end fills disks; spi.BoundedLog bounds, counts and cleans them")
                .check(classes);
        assertThat(exceptions)
                .as("each of the exceptions is one")
                .allMatch(name -> classes.stream()
                        .filter(type -> topLevel(type).equals(name))
                        .anyMatch(type -> type.getMethodCallsFromSelf().stream().anyMatch(line)));
    }

    private static String topLevel(JavaClass type) {
        return type.getName().replaceAll("[$].*", "");
    }

    /** A rule about no class at all holds, so there must be some. */
    private static JavaClasses classesOf(String module) {
        JavaClasses classes = new ClassFileImporter().importPath(Path.of("..", module, "target", "classes"));
        assertThat(classes).as(module).hasSizeGreaterThan(10);
        return classes;
    }
}
