package dev.realtime.redis.internal.intake;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The latest nonces that this node has heard: that Redis knows one may mean that another node was faster, but who hears one twice hears it again. For
 * one thread.
 */
final class KnownNonces {
    private static final int MOST = 1_024;

    private final Set<String> known = new LinkedHashSet<>();

    /** Whether it was heard before. */
    boolean isKnown(String nonce) {
        if (!known.add(nonce)) {
            return true;
        }
        if (known.size() > MOST) {
            var oldest = known.iterator();
            oldest.next();
            oldest.remove();
        }
        return false;
    }
}
