package dev.realtime.testkit;

/** Sees what happens to a {@link TestClient}, when it happens. */
public interface ClientWatcher {

    /** It has a session: a new one, or its old one again. Before whatever that session receives. */
    default void connected(TestClient client) {}

    /** The namespace refused it. */
    default void refused(TestClient client) {}

    default void received(TestClient client, ReceivedEvent event) {}

    default void answered(TestClient client, TestReply<?> reply) {}

    /** The session's connection is over; called only after {@link #connected}. */
    default void disconnected(TestClient client, String reason) {}
}
