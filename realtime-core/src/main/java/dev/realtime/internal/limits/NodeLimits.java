package dev.realtime.internal.limits;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the limits of all namespaces of a node share. Thread-safe. */
public final class NodeLimits {
    private final RateGate rates;
    private final RefusalReports reports;
    private final @Nullable EscalationGate escalation;
    private final @Nullable EventGate events;
    private final @Nullable String exemption;
    private final @Nullable SharedRates sharedRates;
    private volatile SharedRestrictions shared = SharedRestrictions.NONE;

    /**
     * @param rates who has sent how much
     * @param reports tell the application what clients were refused
     * @param escalation null if there is none
     * @param events null if a node takes any number of them
     * @param exemption the permission of those to whom the limits of events do not apply
     * @param sharedRates what all nodes count together; null if each counts alone
     */
    public NodeLimits(
            RateGate rates,
            RefusalReports reports,
            @Nullable EscalationGate escalation,
            @Nullable EventGate events,
            Optional<String> exemption,
            @Nullable SharedRates sharedRates) {
        this.rates = rates;
        this.reports = reports;
        this.escalation = escalation;
        this.events = events;
        this.exemption = exemption.orElse(null);
        this.sharedRates = sharedRates;
    }

    /** Tells others of its restrictions. Called once, before there is a session. */
    public void share(SharedRestrictions restrictions) {
        this.shared = restrictions;
    }

    public RateGate rates() {
        return rates;
    }

    public RefusalReports reports() {
        return reports;
    }

    /** Null if there is none. */
    public @Nullable EscalationGate escalation() {
        return escalation;
    }

    /** Null if the node takes any number of events. */
    public @Nullable EventGate events() {
        return events;
    }

    /** Null if the limits of events apply to everybody. */
    public @Nullable String exemption() {
        return exemption;
    }

    /** Null if each node counts alone. */
    public @Nullable SharedRates sharedRates() {
        return sharedRates;
    }

    public SharedRestrictions shared() {
        return shared;
    }
}
