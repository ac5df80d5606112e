package dev.realtime.internal.state;

import dev.realtime.internal.session.LocalSession;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that are to watch a state and are in no write yet, as they have come. Nobody is let in before the end of watching that was asked for earlier: it may have been the same session that ends, and
 * watches again. Thread-safe.
 */
final class NewcomerQueue {
    private final ArrayDeque<Newcomer> waiting = new ArrayDeque<>(); // guarded by this
    private long ends; // guarded by this

    /**
     * A session that is to watch.
     *
     * @param ends how many were asked for before
     */
    record Newcomer(LocalSession session, CompletableFuture<Void> watches, long ends) {}

    synchronized Newcomer add(LocalSession session) {
        Newcomer newcomer = new Newcomer(session, new CompletableFuture<>(), ends);
        waiting.addLast(newcomer);
        return newcomer;
    }

    /** A session is to watch no longer. */
    synchronized void end() {
        ends++;
    }

    /** The next one that has come before another end than this was asked for. */
    synchronized @Nullable Newcomer next(long ends) {
        Newcomer first = waiting.peekFirst();
        return first == null || first.ends > ends ? null : waiting.pollFirst();
    }

    /** Whether it was still waiting. */
    synchronized boolean remove(Newcomer newcomer) {
        return waiting.remove(newcomer);
    }
}
