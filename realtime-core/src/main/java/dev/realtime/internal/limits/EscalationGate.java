package dev.realtime.internal.limits;

import dev.realtime.limits.Escalation;
import dev.realtime.limits.Escalation.Step;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What becomes of the clients of a node that go on sending more than their limits allow. Thread-safe. */
public final class EscalationGate implements RememberedClients {
    private final Escalation rules;
    private final RateGate rates;
    private final Map<String, Violations> clients = new ConcurrentHashMap<>();

    public EscalationGate(Escalation rules, RateGate rates) {
        this.rules = rules;
        this.rates = rates;
        rates.memory().add(this);
    }

    /**
     * What a violation leads to.
     *
     * @param step null if nothing
     * @param violations how many have not been forgiven
     * @param restricted for how many nanoseconds the client is restricted from now on
     */
    public record Verdict(@Nullable Step step, int violations, long restricted) {}

    /** For how long a client is restricted, in nanoseconds. */
    public long restricted(String client) {
        Violations known = clients.isEmpty() ? null : clients.get(client);
        return known == null ? 0 : known.restricted();
    }

    /** Counts a violation, unless the client is restricted by now. */
    public Verdict violated(String client) {
        while (true) {
            Violations known = clients.get(client);
            if (known == null) {
                Violations fresh = new Violations(this, client);
                known = clients.putIfAbsent(client, fresh);
                if (known == null) {
                    known = fresh;
                    rates.remembers();
                }
            }
            Verdict verdict = known.add();
            if (verdict != null) {
                return verdict;
            }
        }
    }

    Escalation rules() {
        return rules;
    }

    long now() {
        return rates.now();
    }

    RateMemory memory() {
        return rates.memory();
    }

    @Override
    public Collection<Violations> clients() {
        return clients.values();
    }

    /** They are gone. */
    void left(String client, Violations violations) {
        clients.remove(client, violations);
    }
}
