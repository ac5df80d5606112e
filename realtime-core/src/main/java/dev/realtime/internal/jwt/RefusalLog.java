package dev.realtime.internal.jwt;

import dev.realtime.Handshake;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.BoundedLog;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/** Says why tokens were refused, as often as one client may cause a line. Its clock is that of the handshakes, the engine's. */
public final class RefusalLog {
    private final AtomicLong now = new AtomicLong();
    private final BoundedLog lines = new BoundedLog(now::get);

    public void refused(Logger logger, Handshake handshake, TokenRefused refused) {
        now.set(handshake.at().toEpochMilli() * 1_000_000);
        lines.info(
                logger,
                AddressKey.of(handshake.remoteAddress()),
                "a token from {} was refused: {}",
                handshake.remoteAddress(),
                refused.getMessage());
    }
}
