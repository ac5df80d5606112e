package dev.realtime.internal.session;

import dev.realtime.Principal;
import dev.realtime.internal.limits.EventRates;
import dev.realtime.internal.limits.UserBudgets;
import dev.realtime.spi.AddressKey;
import org.jspecify.annotations.Nullable;

/**
 * How often the client of a session may send what. It is counted for its user, or for its address if it is anonymous: whoever has no name would get a new
 * budget with each connection. Each method returns 0 for what is admitted and counted, else for how many nanoseconds it has to wait. Thread-safe.
 */
final class SessionRates {
    private final LocalSession session;
    private final EventRates rates;
    private volatile @Nullable Counted counted; // null before the first event with a rate

    /** Whose budgets they are. */
    private record Counted(boolean anonymous, String name, UserBudgets budgets) {}

    SessionRates(LocalSession session, EventRates rates) {
        this.session = session;
        this.rates = rates;
    }

    /** Admits an event that is handled. */
    long admit(String event) {
        return admit(rates.of(event));
    }

    /** Admits an event without a contract that has a handler. */
    long admitUncontracted() {
        return admit(rates.ofAll());
    }

    /** Admits an event that nobody handles. */
    long admitUnknown() {
        return admit(rates.ofUnknown());
    }

    /** Admits a renewal of credentials. */
    long admitRefresh() {
        return admit(rates.ofRefreshes());
    }

    /** Admits an acknowledgement that nobody asked for. */
    long admitUnexpectedAck() {
        return admit(rates.ofUnexpectedAcks());
    }

    private long admit(int[] rules) {
        if (rules.length == 0) {
            return 0;
        }
        long wait = budgets().admit(rules);
        while (wait == UserBudgets.GONE) {
            counted = null;
            wait = budgets().admit(rules);
        }
        return wait;
    }

    private UserBudgets budgets() {
        Principal principal = session.principal();
        boolean anonymous = principal.anonymous();
        String name = anonymous ? session.remoteAddress() : principal.id();
        Counted known = counted;
        if (known == null || known.anonymous != anonymous || !known.name.equals(name)) {
            String user = anonymous ? "address " + AddressKey.of(name) : "user " + name;
            known = new Counted(anonymous, name, rates.budgets(user));
            counted = known;
        }
        return known.budgets;
    }
}
