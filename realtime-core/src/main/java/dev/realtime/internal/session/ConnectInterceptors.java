package dev.realtime.internal.session;

import dev.realtime.ConnectInterceptor;
import dev.realtime.ConnectRefusedException;
import dev.realtime.Handshake;
import dev.realtime.Principal;
import dev.realtime.internal.node.RefusalLog;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What the application wants to know of a client that comes in, once it is known who it is: with its CONNECT, or when a client that came without credentials
 * shows some. Its interceptors see the user as it is at run time. Thread-safe.
 */
public final class ConnectInterceptors {
    private final List<ConnectInterceptor> interceptors;
    private final UnaryOperator<Principal> now;
    private final RefusalLog refusals;

    /** @param now a user as it is at run time */
    public ConnectInterceptors(
            List<ConnectInterceptor> interceptors, UnaryOperator<Principal> now, RefusalLog refusals) {
        this.interceptors = interceptors;
        this.now = now;
        this.refusals = refusals;
    }

    /** Whether there is nobody to ask. */
    public boolean areNone() {
        return interceptors.isEmpty();
    }

    /**
     * Asks them one after another. May block.
     *
     * @param rooms takes those into which they put the session
     * @throws ConnectRefusedException if the client may not come in
     */
    public void ask(Handshake handshake, Principal principal, EntryRooms rooms) {
        Principal user = now.apply(principal);
        ConnectInterceptor.Entry entry = rooms.of(user);
        try {
            for (ConnectInterceptor interceptor : interceptors) {
                interceptor.connecting(handshake, user, entry);
            }
        } catch (ConnectRefusedException refused) {
            refusals.refused(handshake.remoteAddress(), refused);
            throw refused;
        }
    }
}
