package dev.realtime;

import org.jspecify.annotations.Nullable;

/** Stands around the handling of every event with a contract. May block; thread-safe. */
@FunctionalInterface
public interface EventInterceptor {

    /**
     * Calls {@code next} to go on, or throws {@link EventRefusedException} to answer with an error. Not calling it swallows the event: a
     * request is then answered with {@link ErrorCode#REFUSED}.
     */
    void handle(Session session, Event.Contract<?> contract, @Nullable Object payload, Next next) throws Exception;

    /** The rest of the way. For asynchronous handlers it returns when the handler has returned its stage. */
    @FunctionalInterface
    interface Next {
        void proceed() throws Exception;
    }
}
