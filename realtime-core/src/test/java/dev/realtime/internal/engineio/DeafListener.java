package dev.realtime.internal.engineio;

import dev.realtime.DisconnectReason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Hears nothing of what a client says. */
final class DeafListener implements EngineListener {
    @Override
    public void text(String raw, int from) {}

    @Override
    public void binary(byte[] message) {}

    @Override
    public void readComplete() {}

    @Override
    public int maxMessage() {
        return 1_000;
    }

    @Override
    public boolean isFull() {
        return false;
    }

    @Override
    public void pinging() {}

    @Override
    public void beating() {}

    @Override
    public void ponged() {}

    @Override
    public void lostReliable() {}

    @Override
    public CompletionStage<Void> leaving() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void closed(DisconnectReason reason) {}
}
