package dev.realtime.internal.session;

import dev.realtime.Event.Contract;
import dev.realtime.NamespaceSetup.ServerEventHandler;
import dev.realtime.NamespaceSetup.ServerRequestHandler;
import dev.realtime.Request;

/** A contract between nodes and who handles it. */
public sealed interface ServerRoute {

    Contract<?> contract();

    /** An event of another node. */
    record OfEvent<T>(Contract<T> contract, ServerEventHandler<T> handler) implements ServerRoute {}

    /** A request of another node. */
    record OfRequest<T, R>(Request<T, R> request, ServerRequestHandler<T, R> handler) implements ServerRoute {
        @Override
        public Contract<?> contract() {
            return request.contract();
        }
    }
}
