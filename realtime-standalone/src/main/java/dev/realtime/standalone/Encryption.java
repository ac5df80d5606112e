package dev.realtime.standalone;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.ssl.SSLBaseFilter;
import org.glassfish.grizzly.ssl.SSLEngineConfigurator;
import org.glassfish.grizzly.ssl.SSLUtils;

/**
 * TLS, with one handshake for each connection. A client that begins another one (TLS 1.2 and before) would make the I/O thread wait for
 * it, and do the dearest work there is as often as it likes: its connection ends.
 */
final class Encryption {
    private static final String DONE = "dev.realtime.standalone.tls";

    private final SSLBaseFilter filter;

    Encryption(SSLContext context) {
        filter = new SSLBaseFilter(new SSLEngineConfigurator(context, false, false, false), false);
        filter.setRenegotiationDisabled(true); // the server's own wish, which it never has
        filter.addHandshakeListener(new OneHandshake());
    }

    SSLBaseFilter filter() {
        return filter;
    }

    private static final class OneHandshake implements SSLBaseFilter.HandshakeListener {
        @Override
        public void onStart(Connection<?> connection) {
            SSLEngine engine = SSLUtils.getSSLEngine(connection);
            boolean again = connection.getAttributes().getAttribute(DONE) != null;
            if (again && engine != null && !engine.getSession().getProtocol().equals("TLSv1.3")) {
                connection.terminateSilently();
                throw new IllegalStateException("TLS renegotiation is refused");
            }
        }

        @Override
        public void onComplete(Connection<?> connection) {
            connection.getAttributes().setAttribute(DONE, true);
        }

        @Override
        public void onFailure(Connection<?> connection, Throwable cause) {}
    }
}
