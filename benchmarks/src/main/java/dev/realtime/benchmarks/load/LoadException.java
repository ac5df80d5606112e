package dev.realtime.benchmarks.load;

/** The server broke the protocol, lost a message or a connection, or did not keep up: the measurement is void. */
public final class LoadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LoadException(String message) {
        super(message);
    }
}
