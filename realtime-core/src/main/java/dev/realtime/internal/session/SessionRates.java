package dev.realtime.internal.session;

import dev.realtime.ErrorCode;
import dev.realtime.Principal;
import dev.realtime.internal.limits.ClientKey;
import dev.realtime.internal.limits.EventRates;
import dev.realtime.internal.limits.RefusalReporter;
import dev.realtime.internal.limits.UserBudgets;
import dev.realtime.limits.RefusedAttempt.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often the client of a session may send what. It is counted for its user, or for its address if it is anonymous: whoever has no name would get a new
 * budget with each connection. Each method returns null for what is admitted and counted; of all else the application is told. Thread-safe.
 */
final class SessionRates {
    private final LocalSession session;
    private final EventRates rates;
    private final RefusalReporter refusals;
    private volatile @Nullable Counted counted; // null before the first event with a rate

    /** Whose budgets they are. */
    private record Counted(boolean anonymous, String name, UserBudgets budgets) {}

    SessionRates(LocalSession session, EventRates rates, RefusalReporter refusals) {
        this.session = session;
        this.rates = rates;
        this.refusals = refusals;
    }

    /** Admits an event that is handled. */
    @Nullable
    Exceeded admit(String event) {
        return admit(event, rates.of(event));
    }

    /** Admits an event without a contract that has a handler. */
    @Nullable
    Exceeded admitUncontracted(String event) {
        return admit(event, rates.ofAll());
    }

    /** Admits an event that nobody handles. */
    @Nullable
    Exceeded admitUnknown(String event) {
        return admit(event, rates.ofUnknown());
    }

    /** Admits a renewal of credentials. */
    @Nullable
    Exceeded admitRefresh(String event) {
        return admit(event, rates.ofRefreshes());
    }

    /** Admits an acknowledgement that nobody asked for. */
    @Nullable
    Exceeded admitUnexpectedAck() {
        return admit("ack", rates.ofUnexpectedAcks());
    }

    private @Nullable Exceeded admit(String event, int[] rules) {
        if (rules.length == 0) {
            return null;
        }
        UserBudgets budgets = budgets();
        long wait = budgets.admit(rules);
        while (wait == UserBudgets.GONE) {
            counted = null;
            budgets = budgets();
            wait = budgets.admit(rules);
        }
        return wait == 0 ? null : exceeded(event, rates.refusing(budgets, rules), Duration.ofNanos(wait));
    }

    private Exceeded exceeded(String event, String rule, Duration wait) {
        refusals.event(Kind.EVENT, session, event, ErrorCode.RATE_LIMITED, rule, wait);
        return new Exceeded(ErrorCode.RATE_LIMITED, wait);
    }

    private UserBudgets budgets() {
        Principal principal = session.principal();
        boolean anonymous = principal.anonymous();
        String name = anonymous ? session.remoteAddress() : principal.id();
        Counted known = counted;
        if (known == null || known.anonymous != anonymous || !known.name.equals(name)) {
            String user = anonymous ? ClientKey.ofAddress(name) : ClientKey.ofUser(name);
            known = new Counted(anonymous, name, rates.budgets(user));
            counted = known;
        }
        return known.budgets;
    }
}
