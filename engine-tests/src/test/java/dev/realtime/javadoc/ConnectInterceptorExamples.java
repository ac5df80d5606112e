package dev.realtime.javadoc;

import dev.realtime.ConnectInterceptor;
import dev.realtime.ConnectRefusedException;
import dev.realtime.NamespaceSetup;

/** What the Javadoc of {@link ConnectInterceptor} shows. */
final class ConnectInterceptorExamples {
    private ConnectInterceptorExamples() {}

    static void beta(NamespaceSetup game) {
        game.intercept((handshake, principal, entry) -> {
            if (!principal.may("beta")) {
                throw new ConnectRefusedException("not yet");
            }
            handshake.query("match").ifPresent(match -> entry.join("match:" + match));
        });
    }
}
