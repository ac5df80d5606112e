package dev.realtime;

import org.jspecify.annotations.Nullable;

/** An event that no contract names. */
public interface UnknownEvent {

    /** As the client sent it: do not log it raw. */
    String name();

    /** How many arguments there are, without the name. */
    int size();

    /**
     * Binds one argument.
     *
     * @throws EventRefusedException when it is not of that type
     * @throws IndexOutOfBoundsException when there is none
     */
    <T> @Nullable T argument(int index, Class<T> type);

    /** Whether the client waits for an acknowledgement. */
    boolean wantsReply();

    /** Answers, once; further calls and those that nobody waits for do nothing. Without a call the client gets an empty acknowledgement. */
    void reply(Object... arguments);
}
