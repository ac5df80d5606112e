package dev.realtime.jakarta;

import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log lines of one servlet about clients that went away in the middle of something: at DEBUG, and within bounds. Thread-safe. */
final class ClientLog {
    private static final Logger LOG = LoggerFactory.getLogger(ClientLog.class);

    private final BoundedLog lines = new BoundedLog(System::nanoTime);

    /**
     * @param address of the client
     * @param what has failed
     */
    void failed(String address, String what, Throwable cause) {
        if (LOG.isDebugEnabled()) {
            lines.debug(LOG, AddressKey.of(address), "client at {}: {}", address, what, cause);
        }
    }
}
