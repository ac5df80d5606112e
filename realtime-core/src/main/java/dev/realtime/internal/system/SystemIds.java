package dev.realtime.internal.system;

import dev.realtime.spi.Ids;
import java.security.SecureRandom;
import java.util.Base64;

/** 120 random bits as 20 URL-safe characters. */
public final class SystemIds implements Ids {
    private static final int BYTES = 15;
    private final SecureRandom random = new SecureRandom();

    @Override
    public String next() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
