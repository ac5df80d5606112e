package dev.realtime.internal.system;

import dev.realtime.spi.Ids;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * 120 random bits as 20 URL-safe characters. Draws for many ids at a time, since a call of the generator costs the same for one as for all of them.
 * Thread-safe.
 */
public final class SystemIds implements Ids {
    private static final int BYTES = 15;
    private static final int AT_ONCE = 64;

    private final SecureRandom random = new SecureRandom();
    private final Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    private final byte[] drawn = new byte[AT_ONCE * BYTES]; // guarded by this
    private int used = drawn.length; // guarded by this

    @Override
    public String next() {
        byte[] id = new byte[BYTES];
        synchronized (this) {
            if (used == drawn.length) {
                random.nextBytes(drawn);
                used = 0;
            }
            System.arraycopy(drawn, used, id, 0, BYTES);
            Arrays.fill(drawn, used, used + BYTES, (byte) 0); // what has been given away is known to its owner alone
            used += BYTES;
        }
        return encoder.encodeToString(id);
    }
}
