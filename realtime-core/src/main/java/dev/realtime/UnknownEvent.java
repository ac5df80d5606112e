package dev.realtime;

import org.jspecify.annotations.Nullable;

/**
 * An event that no contract names, as {@link NamespaceSetup#onUnknown} sees it. Its handler runs in the session's turn, like those of events with a
 * contract; the event itself may be used from any thread.
 */
public interface UnknownEvent {

    /** Returns the name, as the client sent it: do not log it raw. */
    String name();

    /** Returns how many arguments there are, without the name. */
    int size();

    /**
     * Binds one argument.
     *
     * @param index from 0
     * @return null if the client sent null
     * @throws EventRefusedException if it is not of that type
     * @throws IndexOutOfBoundsException if there is none
     */
    <T> @Nullable T argument(int index, Class<T> type);

    /** Binds one argument of a generic type; otherwise as {@link #argument(int, Class)}. */
    <T> @Nullable T argument(int index, TypeToken<T> type);

    /** Returns whether the client waits for an acknowledgement. */
    boolean wantsReply();

    /**
     * Acknowledges, once, with these arguments; further calls and those that nobody waits for do nothing. If the handler returns without a call the client
     * gets an empty acknowledgement, unless {@link #leaveUnanswered()} was called.
     *
     * @throws IllegalArgumentException if an argument has no JSON form that clients can read
     */
    void reply(Object... arguments);

    /** Keeps the handler's return from acknowledging: the client waits until its own timeout, or until {@link #reply} is called later. */
    void leaveUnanswered();
}
