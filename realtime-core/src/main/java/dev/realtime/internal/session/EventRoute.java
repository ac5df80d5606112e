package dev.realtime.internal.session;

import dev.realtime.Event.Contract;
import dev.realtime.NamespaceSetup.AcknowledgingHandler;
import dev.realtime.NamespaceSetup.AsyncRequestHandler;
import dev.realtime.NamespaceSetup.EventHandler;
import dev.realtime.NamespaceSetup.RequestHandler;
import dev.realtime.Request;
import dev.realtime.idempotency.Idempotency;
import org.jspecify.annotations.Nullable;

/** A contract and who handles it. */
public sealed interface EventRoute {

    Contract<?> contract();

    /** Whether its refusals stand where its reply has an error or null. */
    default boolean isErrorFirst() {
        return false;
    }

    /** An event; answered with an empty acknowledgement if the client wants one. */
    record OfEvent<T>(Contract<T> contract, EventHandler<T> handler) implements EventRoute {}

    /** How it is recognised that it is sent again; null if it is handled each time. */
    default @Nullable Idempotency<?> idempotency() {
        return null;
    }

    /** A request that is answered when the handler returns. */
    record OfRequest<T, R>(Request<T, R> request, RequestHandler<T, R> handler) implements EventRoute {
        @Override
        public Contract<T> contract() {
            return request.contract();
        }

        @Override
        public boolean isErrorFirst() {
            return request.isErrorFirst();
        }

        @Override
        public @Nullable Idempotency<?> idempotency() {
            return request.idempotency().orElse(null);
        }
    }

    /** A request that is answered later. */
    record OfAsyncRequest<T, R>(Request<T, R> request, AsyncRequestHandler<T, R> handler) implements EventRoute {
        @Override
        public Contract<T> contract() {
            return request.contract();
        }

        @Override
        public boolean isErrorFirst() {
            return request.isErrorFirst();
        }

        @Override
        public @Nullable Idempotency<?> idempotency() {
            return request.idempotency().orElse(null);
        }
    }

    /** A request whose handler acknowledges by itself, now, later or never. */
    record OfAcknowledging<T, R>(Request<T, R> request, AcknowledgingHandler<T, R> handler) implements EventRoute {
        @Override
        public Contract<T> contract() {
            return request.contract();
        }

        @Override
        public boolean isErrorFirst() {
            return request.isErrorFirst();
        }

        @Override
        public @Nullable Idempotency<?> idempotency() {
            return request.idempotency().orElse(null);
        }
    }
}
