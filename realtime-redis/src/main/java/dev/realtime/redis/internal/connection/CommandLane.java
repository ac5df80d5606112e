package dev.realtime.redis.internal.connection;

import dev.realtime.redis.BackendUnavailableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Sends commands to one server, in order, as many at a time as are waiting. Commands that got no answer are sent again on the next
 * connection until their time is up: all of them may run twice.
 */
final class CommandLane {
    private static final int BATCH = 256;

    private final String shard;
    private final Connector connector;
    private final Commands commands;
    private final Thread thread;
    private final Backoff backoff = new Backoff();
    // guarded by queue
    private final ArrayDeque<Command> queue = new ArrayDeque<>();
    private boolean closed;

    private volatile @Nullable RedisConnection link;
    private volatile boolean stale;

    CommandLane(String name, String shard, Connector connector, Commands commands) {
        this.shard = shard;
        this.connector = connector;
        this.commands = commands;
        this.thread = Threads.start(name, this::run);
    }

    void add(Command command) {
        synchronized (queue) {
            if (!closed) {
                queue.addLast(command);
                queue.notifyAll();
                return;
            }
        }
        commands.fail(command, new BackendUnavailableException("the Redis backend is closed", null));
    }

    void reconnect() {
        stale = true;
    }

    void close() {
        synchronized (queue) {
            closed = true;
            queue.notifyAll();
        }
    }

    void awaitEnd(long millis) {
        Threads.join(thread, millis);
        RedisConnection open = link;
        if (open != null) {
            open.close();
        }
    }

    private void run() {
        for (List<Command> batch = take(); !batch.isEmpty(); batch = take()) {
            ArrayDeque<Command> waiting = new ArrayDeque<>(batch);
            try {
                exchange(waiting);
                backoff.reset();
            } catch (JedisException e) {
                disconnect();
                returnToQueue(waiting, e);
            } catch (RuntimeException e) {
                disconnect();
                waiting.forEach(command -> commands.fail(command, e));
            }
        }
        disconnect();
    }

    /** Empty at the end. What waits when the lane is closed is still sent. */
    private List<Command> take() {
        synchronized (queue) {
            try {
                while (queue.isEmpty() && !closed) {
                    queue.wait();
                }
            } catch (InterruptedException e) {
                closed = true;
            }
            List<Command> batch = new ArrayList<>();
            while (!queue.isEmpty() && batch.size() < BATCH) {
                batch.add(queue.pollFirst());
            }
            return batch;
        }
    }

    private void exchange(ArrayDeque<Command> waiting) {
        if (stale) {
            stale = false;
            disconnect();
        }
        RedisConnection current = link;
        if (current == null) {
            current = connector.openShard(shard);
            link = current;
        }
        for (Command command : waiting) {
            current.connection().sendCommand(command.arguments());
        }
        boolean passing = false;
        int sent = waiting.size();
        List<Command> again = new ArrayList<>();
        for (int i = 0; i < sent; i++) {
            Object reply = current.receive();
            Command command = waiting.removeFirst();
            if (!(reply instanceof JedisDataException refused)) {
                commands.complete(command, reply);
            } else if (refused instanceof JedisNoScriptException && command.instead() != null) {
                again.add(command.other(command.instead().get()));
            } else if (ErrorReplies.isPassing(refused)) {
                passing = true;
                if (command.isLate()) {
                    commands.fail(command, refused);
                } else {
                    again.add(command);
                }
            } else {
                commands.fail(command, refused);
            }
        }
        waiting.addAll(again);
        if (passing) {
            throw new JedisException("the server cannot do this now");
        }
        if (!waiting.isEmpty()) {
            exchange(waiting);
        }
    }

    private void disconnect() {
        RedisConnection open = link;
        link = null;
        if (open != null) {
            open.close();
        }
    }

    private void returnToQueue(ArrayDeque<Command> waiting, JedisException cause) {
        connector.forget();
        waiting.removeIf(command -> {
            if (command.isLate() || commands.isClosed()) {
                commands.fail(command, new BackendUnavailableException("Redis did not answer in time", cause));
                return true;
            }
            return false;
        });
        synchronized (queue) {
            while (!waiting.isEmpty()) {
                queue.addFirst(waiting.pollLast());
            }
            List<Command> late = new ArrayList<>();
            queue.removeIf(command -> command.isLate() && late.add(command));
            late.forEach(command ->
                    commands.fail(command, new BackendUnavailableException("Redis did not answer in time", cause)));
            if (commands.isRerouted()) {
                commands.reroute(queue);
                queue.clear();
            }
            pause(backoff.next());
        }
    }

    private void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            for (long left = millis; left > 0 && !closed; ) {
                queue.wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }
}
