package dev.realtime.internal.node;

import dev.realtime.ConnectRefusedException;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log lines about refused credentials, with the reason that the authenticator gave and the client does not get. */
public final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);

    private final BoundedLog lines;

    RefusalLog(BoundedLog lines) {
        this.lines = lines;
    }

    public void refused(String address, ConnectRefusedException refused) {
        Throwable why = refused.getCause();
        if (why != null) {
            lines.info(
                    LOG,
                    AddressKey.of(address),
                    "the credentials of a client at {} were refused: {}",
                    address,
                    why.getMessage());
        }
    }
}
