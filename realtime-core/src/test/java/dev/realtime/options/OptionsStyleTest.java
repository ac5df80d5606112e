package dev.realtime.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.realtime.Principal;
import dev.realtime.Realtime;
import dev.realtime.Recovery;
import dev.realtime.events.ClientEvents;
import dev.realtime.events.LifecycleEvents;
import dev.realtime.limits.Escalation;
import dev.realtime.limits.Limits;
import dev.realtime.limits.OutboxLimits;
import dev.realtime.limits.RateLimit;
import dev.realtime.mail.MailOptions;
import dev.realtime.spi.SessionRecord;
import dev.realtime.transport.Compression;
import dev.realtime.transport.Cookie;
import dev.realtime.transport.Heartbeat;
import dev.realtime.transport.Origins;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All options are set in one way: a default, and for each option a getter and a method of the same name that returns a changed copy. */
class OptionsStyleTest {
    @ParameterizedTest
    @ValueSource(
            classes = {
                Compression.class,
                ClientEvents.class,
                LifecycleEvents.class,
                Cookie.class,
                Escalation.class,
                Heartbeat.class,
                Limits.class,
                MailOptions.class,
                OutboxLimits.class,
                Recovery.class,
            })
    void optionsHaveADefault(Class<?> type) throws ReflectiveOperationException {
        assertThat(type.getField("DEFAULT").getType()).isEqualTo(type);
        Object options = type.getField("DEFAULT").get(null);
        for (Method wither : withers(type)) {
            Object value = type.getMethod(wither.getName()).invoke(options);
            if (value instanceof Optional<?>) {
                continue; // nothing is the default
            }
            Object copy = wither.invoke(options, value);
            assertThat(copy).as(wither.getName()).isNotSameAs(options).hasSameHashCodeAs(copy);
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Compression.class,
                ClientEvents.class,
                LifecycleEvents.class,
                Cookie.class,
                Escalation.class,
                Heartbeat.class,
                Limits.class,
                MailOptions.class,
                Origins.class,
                OutboxLimits.class,
                Principal.class,
                RateLimit.Rule.class,
                RateLimit.Window.class,
                Recovery.class,
                SessionRecord.class
            })
    void whatMayGrowHasNoConstructor(Class<?> type) throws NoSuchMethodException {
        assertThat(type.getConstructors()).isEmpty();
        assertThat(Modifier.isFinal(type.getModifiers())).isTrue();
        for (Method wither : withers(type)) {
            Class<?> read = type.getMethod(wither.getName()).getReturnType();
            assertThat(read).as(wither.getName()).isIn(wither.getParameterTypes()[0], Optional.class);
        }
    }

    private static List<Method> withers(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getReturnType() == type && method.getParameterCount() == 1)
                .filter(method -> !List.of("claimedBy", "perSecond", "perMinute", "perHour")
                        .contains(method.getName()))
                .toList();
    }

    static Stream<Arguments> outOfRange() {
        Duration none = Duration.ZERO;
        Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
        return Stream.of(
                wrong(
                        "Heartbeat.interval must be between 100 ms and 1 d, but is PT0S",
                        none,
                        Heartbeat.DEFAULT::interval),
                wrong("Heartbeat.timeout must be between 100 ms and 1 d", endless, Heartbeat.DEFAULT::timeout),
                wrong("Compression.threshold must be at least 0, but is -1", -1, Compression.DEFAULT::threshold),
                wrong("Cookie.maxAge must be between 1 s and 400 d", none, Cookie.DEFAULT::maxAge),
                wrong("OutboxLimits.maxBytes must be at least 1024", 1, OutboxLimits.DEFAULT::maxBytes),
                wrong("OutboxLimits.maxMessages must be at least 8", 1, OutboxLimits.DEFAULT::maxMessages),
                wrong("OutboxLimits.stallTimeout must be between 100 ms", endless, OutboxLimits.DEFAULT::stallTimeout),
                wrong("Recovery.window must be between 0 ms and 7 d", Duration.ofDays(8), Recovery.DEFAULT::window),
                wrong("Recovery.maxEntries must be at least 1, but is 0", 0, Recovery.DEFAULT::maxEntries),
                wrong("Recovery.maxBytes must be at least 1, but is 0", 0L, Recovery.DEFAULT::maxBytes),
                wrong("Escalation.warnAt must be between 1 and 1000, but is 0", 0, Escalation.DEFAULT::warnAt),
                wrong("Escalation.restrictFor must be between 10 ms and 7 d", none, Escalation.DEFAULT::restrictFor),
                wrong(
                        "Limits.exemptWith must be the name of a permission, but is empty",
                        "",
                        Limits.DEFAULT::exemptWith),
                wrong("MailOptions.keptFor must be between 1 s and 365 d", none, MailOptions.DEFAULT::keptFor),
                wrong("MailOptions.maxMessages must be between 1 and 1000", 0, MailOptions.DEFAULT::maxMessages),
                wrong("MailOptions.maxBytes must be at least 1024, but is 1", 1L, MailOptions.DEFAULT::maxBytes),
                wrong("MailOptions.pace must be between 0 ms and 1 min", endless, MailOptions.DEFAULT::pace),
                wrong("MailOptions.ackTimeout must be between 100 ms", none, MailOptions.DEFAULT::ackTimeout),
                wrong("MailOptions.lookEvery must be between 1 s and 1 h", none, MailOptions.DEFAULT::lookEvery),
                wrong("an event's name has 1 to 128 characters", "", MailOptions.DEFAULT::deliveryEvent),
                wrong("an event's name must be free of the prefix", "realtime:x", MailOptions.DEFAULT::completeEvent),
                wrong("Limits.maxDepth must be between 1 and 64, but is 65", 65, Limits.DEFAULT::maxDepth),
                wrong("Limits.emitTimeout must be between 10 ms and 1 d", endless, Limits.DEFAULT::emitTimeout),
                wrong("RateLimit.burst must be between 1 and 20, but is 21", 21, RateLimit.perMinute(20)::burst),
                wrong(
                        "RateLimit.burst must be between 1 and 2, but is 3",
                        3,
                        RateLimit.per(Duration.ofHours(1), 2)::burst),
                wrong("RateLimit.cooldown must be between", none, RateLimit.perMinute(20)::cooldown),
                wrong(
                        "RateLimit.category must be 1 to 128 characters long, but is ''",
                        "",
                        RateLimit.perHour(1)::category),
                wrong(
                        "Limits.refreshes must be without a category",
                        RateLimit.perHour(1).category("all"),
                        Limits.DEFAULT::refreshes),
                wrong("Limits.maxRateBytes must be at least 65536, but is 1", 1L, Limits.DEFAULT::maxRateBytes),
                wrong("RateLimit.count must be at least 1, but is 0", 0, RateLimit::perHour),
                wrong("RateLimit.period must be between", endless, period -> RateLimit.per(period, 1)),
                wrong("lease must be between 300 ms and 5 min, but is PT0S", none, Realtime.builder()::lease),
                wrong("handlerThreads must be between 1 and 10000, but is 0", 0, Realtime.builder()::handlerThreads),
                wrong("path must be like '/socket.io/'", "/socket.io", Realtime.builder()::path));
    }

    private static <T> Arguments wrong(String message, T value, Function<T, ?> set) {
        ThrowingCallable act = () -> set.apply(value);
        return Arguments.of(message, act);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outOfRange")
    void theMessageNamesOptionAndRangeAndValue(String message, ThrowingCallable act) {
        assertThatIllegalArgumentException().isThrownBy(act).withMessageStartingWith(message);
    }

    @Test
    void whatIsTheSameIsEqual() {
        assertThat(Cookie.DEFAULT.secure(true).maxAge(Duration.ofHours(1)))
                .isEqualTo(Cookie.DEFAULT.maxAge(Duration.ofHours(1)).secure(true))
                .isNotEqualTo(Cookie.DEFAULT);
        assertThat(Recovery.within(Duration.ofMinutes(2))).isEqualTo(Recovery.DEFAULT);
        assertThat(RateLimit.perMinute(20).perHour(500).burst(5))
                .isEqualTo(RateLimit.per(Duration.ofSeconds(60), 20)
                        .per(Duration.ofHours(1), 500)
                        .burst(5))
                .hasToString("RateLimit[20 per PT1M (5 at once), 500 per PT1H]");
        RateLimit.Rule invite =
                RateLimit.perMinute(5).burst(2).cooldown(Duration.ofSeconds(10)).category("invites");
        assertThat(invite.perNode())
                .isEqualTo(RateLimit.per(Duration.ofSeconds(60), 5, 2)
                        .category("invites")
                        .perNode()
                        .cooldown(Duration.ofSeconds(10)))
                .isNotEqualTo(invite)
                .hasToString("RateLimit[5 per PT1M (2 at once), cooldown PT10S, category invites, per node]");
        assertThat(Principal.of("ann")).isNotEqualTo(Principal.anonymous("ann"));
    }

    @Test
    void limitsAreEqualThatSayTheSame() throws ReflectiveOperationException {
        Set<Limits> different = new HashSet<>(List.of(Limits.DEFAULT));
        for (Method wither : withers(Limits.class)) {
            Object value = Limits.class.getMethod(wither.getName()).invoke(Limits.DEFAULT);
            Object other = value instanceof Integer number
                    ? (Object) (number - 1)
                    : value instanceof Long number
                            ? (Object) (number + 1)
                            : value instanceof Duration time
                                    ? time.plusMillis(1)
                                    : value instanceof Optional<?> ? "limits.exempt" : RateLimit.perHour(7);
            Object changed = wither.invoke(Limits.DEFAULT, other);
            assertThat(changed)
                    .as(wither.getName())
                    .isEqualTo(wither.invoke(Limits.DEFAULT, other))
                    .hasSameHashCodeAs(wither.invoke(Limits.DEFAULT, other))
                    .isNotEqualTo(Limits.DEFAULT)
                    .asString()
                    .contains(wither.getName() + "=" + other);
            assertThat(different.add((Limits) changed)).as(wither.getName()).isTrue();
            if (!(value instanceof Optional<?>)) { // else nothing is the default
                assertThat(wither.invoke(changed, value)).isEqualTo(Limits.DEFAULT);
            }
        }
        assertThat(different).hasSizeGreaterThan(30);
    }

    @Test
    void windowsAddUpAndNoneTakesThePlaceOfAnother() {
        assertThat(RateLimit.perSecond(1).perMinute(20).perHour(500).windows())
                .hasToString("[1 per PT1S, 20 per PT1M, 500 per PT1H]");
        // a static method of an interface cannot be called through a limit, so none can take the place of one that adds
        assertThat(RateLimit.class).isInterface();
        assertThat(Arrays.stream(RateLimit.Rule.class.getMethods())
                        .filter(method -> method.getName().startsWith("per")))
                .noneMatch(method -> Modifier.isStatic(method.getModifiers()));
    }

    @Test
    void aPrincipalShowsNoClaim() {
        assertThat(Principal.of("ann").claims(Map.of("email", "ann@example.org")))
                .hasToString(
                        "Principal[id=ann, roles=[], permissions=[], claims=[email], tokenId=null, issuedAt=null, expiresAt=null, anonymous=false]");
    }
}
