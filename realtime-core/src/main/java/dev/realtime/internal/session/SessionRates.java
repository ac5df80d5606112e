package dev.realtime.internal.session;

import dev.realtime.ErrorCode;
import dev.realtime.Principal;
import dev.realtime.internal.limits.ClientKey;
import dev.realtime.internal.limits.EscalationGate;
import dev.realtime.internal.limits.EscalationGate.Verdict;
import dev.realtime.internal.limits.EventGate;
import dev.realtime.internal.limits.EventRates;
import dev.realtime.internal.limits.NodeLimits;
import dev.realtime.internal.limits.RefusalReporter;
import dev.realtime.internal.limits.UserBudgets;
import dev.realtime.limits.Escalation.Step;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How often the client of a session may send what. It is counted for its user, or for its address if it is anonymous: whoever has no name would get a new
 * budget with each connection. Each method returns null for what is admitted and counted. What other nodes are to be {@linkplain Exceeded#asked asked} for comes again later. Of all
 * else the application is told. Thread-safe.
 */
final class SessionRates {
    private final LocalSession session;
    private final EventRates rates;
    private final NodeLimits node;
    private final RefusalReporter refusals;
    private volatile @Nullable Counted counted; // null before the first event with a rate

    /**
     * Whose budgets they are.
     *
     * @param client under what it is counted
     */
    private record Counted(boolean anonymous, String name, String client, UserBudgets budgets) {}

    SessionRates(LocalSession session, EventRates rates, NodeLimits node, RefusalReporter refusals) {
        this.session = session;
        this.rates = rates;
        this.node = node;
        this.refusals = refusals;
    }

    /** Admits an event that is handled. */
    @Nullable
    Exceeded admit(String event) {
        return isExempt() ? admitNode(event) : admitUser(event, rates.of(event));
    }

    /** Admits an event without a contract that has a handler. */
    @Nullable
    Exceeded admitUncontracted(String event) {
        return isExempt() ? admitNode(event) : admitUser(event, rates.ofAll());
    }

    /** Admits an event that nobody handles. */
    @Nullable
    Exceeded admitUnknown(String event) {
        return isExempt() ? admit(event, rates.ofUnknownAlone(), false) : admitUser(event, rates.ofUnknown());
    }

    /** Admits a renewal of credentials; also of a user who is restricted. */
    @Nullable
    Exceeded admitRefresh(String event) {
        return isExempt() ? admit(event, rates.ofRefreshesAlone(), false) : admit(event, rates.ofRefreshes(), true);
    }

    /**
     * Admits an attempt to authenticate, unless too many have failed. Of a user who is known it is a renewal as well.
     *
     * @param guess counts as failed from here on
     */
    @Nullable
    Exceeded admitAuthentication(String event, Guess guess) {
        Exceeded exceeded =
                session.principal().anonymous() ? admit(event, rates.ofAuthentications(), true) : admitRefresh(event);
        if (exceeded == null) {
            exceeded = admit(event, rates.ofFailedAuthentications(), true);
        }
        if (exceeded == null) {
            guess.counts(counted().budgets, rates.ofFailedAuthentications());
        }
        return exceeded;
    }

    /** Admits an acknowledgement that nobody asked for. */
    @Nullable
    Exceeded admitUnexpectedAck() {
        return admit("ack", rates.ofUnexpectedAcks(), false);
    }

    /** Whether one who is restricted, and goes on sending, is to be told so: not as often as it likes. */
    boolean admitRestrictionNotice() {
        int[] rules = rates.ofUnknownAlone();
        long wait = counted().budgets.admit(rules);
        while (wait == UserBudgets.GONE) {
            counted = null;
            wait = counted().budgets.admit(rules);
        }
        return wait == 0;
    }

    private boolean isExempt() {
        String exemption = node.exemption();
        return exemption != null && session.may(exemption);
    }

    private @Nullable Exceeded admitUser(String event, int[] rules) {
        long restricted = restricted();
        if (restricted > 0) {
            return restricted(event, restricted);
        }
        if (node.events() == null) {
            return admit(event, rules, true);
        }
        // between the question and the count, so that neither counts what the other refuses
        Exceeded exceeded = lookAt(event, rules);
        if (exceeded == null) {
            exceeded = admitNode(event);
        }
        return exceeded == null ? admit(event, rules, true) : exceeded;
    }

    /** For how long the escalation of this node has restricted the user. */
    private long restricted() {
        EscalationGate escalation = node.escalation();
        return escalation == null ? 0 : escalation.restricted(counted().client);
    }

    private Exceeded restricted(String event, long nanos) {
        Duration wait = Duration.ofNanos(nanos);
        refusals.event(session, event, ErrorCode.RESTRICTED, "restriction", null, wait);
        return new Exceeded(ErrorCode.RESTRICTED, wait, null, wait);
    }

    private @Nullable Exceeded admitNode(String event) {
        EventGate gate = node.events();
        long nanos = gate == null ? 0 : gate.admit();
        if (nanos == 0) {
            return null;
        }
        Duration wait = Duration.ofNanos(nanos);
        refusals.event(session, event, ErrorCode.OVERLOADED, "Limits.eventsPerSecond", null, wait);
        return new Exceeded(ErrorCode.OVERLOADED, wait);
    }

    /** Whether there is room in these rules, of which nothing is taken. */
    private @Nullable Exceeded lookAt(String event, int[] rules) {
        if (rules.length == 0) {
            return null;
        }
        return judge(event, rules, true, false);
    }

    /** @param violates whether it is a violation to exceed them */
    private @Nullable Exceeded admit(String event, int[] rules, boolean violates) {
        if (rules.length == 0) {
            return null;
        }
        return judge(event, rules, violates, true);
    }

    /** @param counts whether it is counted if there is room */
    private @Nullable Exceeded judge(String event, int[] rules, boolean violates, boolean counts) {
        while (true) {
            Counted user = counted();
            long wait = counts ? user.budgets.admit(rules) : user.budgets.look(rules);
            if (wait == 0) {
                return null;
            }
            if (wait == UserBudgets.GONE) {
                counted = null;
            } else if (wait == UserBudgets.ASK) {
                CompletableFuture<Void> asked = user.budgets.ask(rules);
                if (!asked.isDone()) {
                    return Exceeded.until(asked);
                }
            } else {
                return exceeded(event, user, rules, wait, violates);
            }
        }
    }

    /** The client is not here any more: other nodes may need what was reserved for it. */
    void leaves() {
        Counted user = counted;
        if (user != null) {
            var unused = user.budgets.giveBack();
        }
    }

    private Exceeded exceeded(String event, Counted user, int[] rules, long nanos, boolean violates) {
        EscalationGate escalation = node.escalation();
        Verdict verdict = escalation == null || !violates ? null : escalation.violated(user.client);
        Duration restriction = Duration.ofNanos(verdict == null ? 0 : verdict.restricted());
        Duration wait = Duration.ofNanos(Math.max(nanos, restriction.toNanos()));
        Step step = verdict == null ? null : verdict.step();
        if (step == Step.RESTRICTED && !user.anonymous) {
            node.shared().restrict(user.name, restriction);
        }
        String rule = rates.refusing(user.budgets, rules);
        refusals.event(session, event, ErrorCode.RATE_LIMITED, rule, verdict, wait);
        return new Exceeded(ErrorCode.RATE_LIMITED, wait, step, restriction);
    }

    private Counted counted() {
        Principal principal = session.principal();
        boolean anonymous = principal.anonymous();
        String name = anonymous ? session.remoteAddress() : principal.id();
        Counted known = counted;
        if (known == null || known.anonymous != anonymous || !known.name.equals(name)) {
            String client = anonymous ? ClientKey.ofAddress(name) : ClientKey.ofUser(name);
            known = new Counted(anonymous, name, client, rates.budgets(client));
            counted = known;
        }
        return known;
    }
}
