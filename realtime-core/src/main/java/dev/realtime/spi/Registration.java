package dev.realtime.spi;

/** Something that goes on until it is closed. Closing twice is harmless. */
@FunctionalInterface
public interface Registration extends AutoCloseable {
    @Override
    void close();
}
