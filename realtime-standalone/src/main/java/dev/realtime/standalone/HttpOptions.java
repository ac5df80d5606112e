package dev.realtime.standalone;

import java.time.Duration;

/** What the HTTP side of a server is bounded by. */
record HttpOptions(
        int maxHeaderBytes,
        int maxConnections,
        int maxConnectionsPerAddress,
        Duration idleTimeout,
        TrustedProxies proxies) {}
