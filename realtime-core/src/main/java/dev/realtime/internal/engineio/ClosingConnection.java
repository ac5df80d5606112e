package dev.realtime.internal.engineio;

import dev.realtime.spi.ConnectionListener;

/** Hears nothing: the connection has not found a place, and is being closed. */
final class ClosingConnection implements ConnectionListener {
    @Override
    public void text(String message) {}

    @Override
    public void binary(byte[] message) {}

    @Override
    public void readComplete() {}

    @Override
    public void closed(int code, String reason) {}
}
