package dev.realtime.redis.internal.stream;

import dev.realtime.Position;
import dev.realtime.redis.internal.connection.Commands;
import dev.realtime.redis.internal.connection.Connector;
import dev.realtime.redis.internal.connection.Outage;
import dev.realtime.redis.internal.connection.RedisConnection;
import dev.realtime.redis.internal.wire.StreamEntryCodec;
import dev.realtime.spi.BoundedLog;
import dev.realtime.spi.Log;
import dev.realtime.spi.Retention;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** All streams of a backend, each with its writer and its reader. */
public final class RedisStreams {
    private final List<Running> streams;
    private final Executor callbacks;

    private record Running(RedisStream stream, StreamWriter writer, StreamReader reader) {}

    private RedisStreams(List<Running> streams, Executor callbacks) {
        this.streams = streams;
        this.callbacks = callbacks;
    }

    /** Finds the ends of the streams, from where this node will follow them. Blocks. */
    public static RedisStreams open(
            StreamSettings settings,
            Connector connector,
            Commands history,
            Continuity continuity,
            Outage outage,
            Consumer<String> lost,
            ServerClock clock,
            Executor callbacks,
            BoundedLog lines) {
        StreamEntryCodec codec = new StreamEntryCodec(settings.roomsPerEntry(), lines);
        List<RedisStream> found = new ArrayList<>();
        for (int i = 0; i < settings.count(); i++) {
            String name = StreamSettings.name(settings.name(), settings.count(), i);
            found.add(new RedisStream(
                    name,
                    UUID.randomUUID().toString(),
                    tail(connector, name),
                    history,
                    codec,
                    lost,
                    settings.leastEntries(),
                    clock,
                    lines));
        }
        List<Running> running = new ArrayList<>();
        for (RedisStream stream : found) {
            continuity.watch(stream);
            EntryDispatcher dispatcher = new EntryDispatcher(stream, continuity);
            running.add(new Running(
                    stream,
                    new StreamWriter(
                            stream,
                            dispatcher,
                            connector,
                            continuity,
                            outage,
                            callbacks,
                            settings.deadline(),
                            settings.queueEntries(),
                            settings.queueBytes()),
                    new StreamReader(stream, dispatcher, connector, continuity, settings.block())));
        }
        return new RedisStreams(running, callbacks);
    }

    private static Position tail(Connector connector, String stream) {
        try (RedisConnection connection = connector.open(stream)) {
            return StreamInfo.ask(connection, stream, Position.START).last();
        }
    }

    /** A node's hold on the log of a namespace. */
    public Log log(String namespace, String node, Retention retention, ServerClock clock) {
        Running running = streams.get(StreamSettings.index(namespace, streams.size()));
        return new RedisLog(running.stream, running.writer, namespace, node, retention, clock, callbacks);
    }

    /** Waits until what waits has been stored, or its time is over. */
    public void closeWriters() {
        streams.forEach(running -> running.writer.close());
    }

    /** Whether any writer has a connection. */
    public boolean isWriting() {
        return streams.stream().anyMatch(running -> running.writer.isConnected());
    }

    public void closeReaders() {
        streams.forEach(running -> running.reader.close());
    }
}
