package dev.realtime.internal.client;

import dev.realtime.ConnectRefusedException;
import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.internal.limits.ConnectAttempt;
import dev.realtime.internal.limits.ConnectGate;
import dev.realtime.internal.limits.ConnectionGate;
import dev.realtime.internal.limits.RefusalReporter;
import dev.realtime.internal.namespace.LocalNamespace;
import dev.realtime.internal.namespace.Namespaces;
import dev.realtime.internal.node.Counters;
import dev.realtime.internal.node.NodeRuntime;
import dev.realtime.internal.recovery.Admission;
import dev.realtime.internal.recovery.ConnectRefusals;
import dev.realtime.spi.AddressKey;
import dev.realtime.spi.JsonCodec;
import dev.realtime.spi.JsonCodec.DecodeException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a CONNECT: it is refused, postponed, or passed on to its namespace for admission. One of a node. */
public final class ConnectHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectHandler.class);

    private final NodeRuntime runtime;
    private final JsonCodec json;
    private final boolean recovers;
    private final Namespaces namespaces;
    private final ConnectGate gate;
    private final ConnectRefusals refusals;
    private final RefusalReporter reporter;

    /**
     * @param recovers whether clients may ask for their sessions of before
     * @param refusals tells those why who are not let in
     * @param reporter tells the application
     */
    public ConnectHandler(
            NodeRuntime runtime,
            JsonCodec json,
            boolean recovers,
            Namespaces namespaces,
            ConnectGate gate,
            ConnectRefusals refusals,
            RefusalReporter reporter) {
        this.runtime = runtime;
        this.json = json;
        this.recovers = recovers;
        this.namespaces = namespaces;
        this.gate = gate;
        this.refusals = refusals;
        this.reporter = reporter;
    }

    /**
     * Admits a client to a namespace, or tells it why not. Not for I/O threads.
     *
     * @param patience for authentication and a resume
     * @param judged runs once, before the client is told
     */
    void admit(ClientConnection connection, String name, String data, Duration patience, Runnable judged) {
        String address = connection.request().remoteAddress();
        LocalNamespace namespace;
        ConnectPayload payload = null;
        ConnectAttempt newcomer;
        try {
            payload = ConnectPayload.read(data, json, recovers);
            // who makes a namespace come into being counts as new in it
            newcomer = new ConnectAttempt(gate, address, payload.wantsItsSession() && namespaces.isLive(name));
            if (!newcomer.mayTry()) {
                judged.run();
                runtime.counters().count(Counters.Name.CONNECTS_LIMITED);
                limited(connection, name, DisconnectReason.CONNECT_POSTPONED.code(), "Limits.connectsPerMinutePerIp");
                postpone(connection);
                return;
            }
            namespace = namespaces.open(name, AddressKey.of(address));
        } catch (DecodeException e) {
            judged.run();
            refusals.refuse(connection, name, ErrorCode.INVALID_PAYLOAD);
            return;
        } catch (ConnectRefusedException full) {
            judged.run();
            reporter.session(
                    address,
                    null,
                    name,
                    ErrorCode.NAMESPACES_FULL.code(),
                    "Limits.maxPatternNamespaces",
                    ConnectionGate.NO_ROOM);
            if (payload != null && payload.wantsItsSession()) {
                runtime.counters().count(Counters.Name.CONNECTS_POSTPONED);
                postpone(connection); // the session waits, here or elsewhere
            } else {
                refusals.refuse(connection, name, full);
            }
            return;
        } catch (RuntimeException | Error e) {
            runtime.lines().error(LOG, AddressKey.of(address), "a namespace could not be opened", e);
            judged.run();
            refusals.refuse(connection, name, ErrorCode.HANDLER_FAILED);
            return;
        }
        if (namespace == null) {
            judged.run();
            refusals.refuse(
                    connection,
                    name,
                    new ConnectRefusedException(ErrorCode.UNKNOWN_NAMESPACE.sentence())); // as upstream, without data
        } else {
            new Admission(
                            namespace.recovery(),
                            connection,
                            payload.auth(),
                            payload.privateId(),
                            payload.offset(),
                            newcomer,
                            patience,
                            () -> {
                                namespaces.admitted(name);
                                judged.run();
                            })
                    .start();
        }
    }

    /** Tells the application of a client that found no room. */
    void limited(ClientConnection connection, String namespace, String code, String option) {
        reporter.session(connection.request().remoteAddress(), null, namespace, code, option, null);
    }

    /** Tells clients why they are not let in. */
    ConnectRefusals refusals() {
        return refusals;
    }

    /**
     * Not now, and for nothing that the client has done: a client that is refused does not come back by itself, and one whose connection is closed
     * does.
     */
    void postpone(ClientConnection connection) {
        connection.close(DisconnectReason.CONNECT_POSTPONED);
    }
}
