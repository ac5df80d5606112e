package dev.realtime.internal.users;

import dev.realtime.internal.limits.SharedRestrictions;
import dev.realtime.spi.BoundedLog;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the restrictions of an escalation hold at all nodes, as if the application had decided them. */
public final class UserRestrictions implements SharedRestrictions {
    private static final Logger LOG = LoggerFactory.getLogger(UserRestrictions.class);

    private final UserDirectory directory;
    private final BoundedLog lines;

    public UserRestrictions(UserDirectory directory, BoundedLog lines) {
        this.directory = directory;
        this.lines = lines;
    }

    /** A longer one that was decided before goes on. */
    @Override
    public void restrict(String userId, Duration duration) {
        directory
                .decide(
                        userId,
                        (facts, now) -> facts.restricted(Math.max(facts.restrictedUntil(), now + duration.toMillis())))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        lines.warn(
                                LOG,
                                userId,
                                "user {} is restricted on this node alone: {}",
                                userId,
                                failure.toString());
                    }
                });
    }
}
