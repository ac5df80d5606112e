package dev.realtime.internal.limits;

/**
 * One CONNECT as its address's rate sees it. What begins a session counts. A client that asks for a session of before is not counted until it turns out that
 * it gets another: then it counts too, even beyond the limit, and until its address has made up for that, nobody there is believed to return.
 * Thread-safe.
 */
public final class ConnectAttempt {
    private final ConnectGate gate;
    private final String address;
    private final boolean returning;

    /** @param returning whether it asks for a session of before */
    public ConnectAttempt(ConnectGate gate, String address, boolean returning) {
        this.gate = gate;
        this.address = address;
        this.returning = returning;
    }

    /** Whether it may be looked at by now. A refusal counts for nothing. */
    public boolean mayTry() {
        return returning ? gate.believes(address) : gate.admits(address);
    }

    /** It gets a session that it has not had before. */
    public void begins() {
        if (returning) {
            gate.charge(address);
        }
    }
}
