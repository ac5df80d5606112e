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
 * Sends commands to one server, in order, as many at a time as are waiting; steps of a script that follow each other are one call. Nothing waits for
 * more to come. Commands that got no answer are sent again on the next connection until their time is up: all of them may run twice.
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

    private boolean joining; // steps of scripts; of the thread alone
    private volatile @Nullable RedisConnection link;
    private volatile boolean stale;

    CommandLane(String name, String shard, Connector connector, Commands commands) {
        this.shard = shard;
        this.connector = connector;
        this.commands = commands;
        this.joining = commands.isOneServer();
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
        List<Call> calls = Call.of(waiting, joining);
        for (Call call : calls) {
            current.connection().sendCommand(call.arguments());
        }
        if (receive(current, calls, waiting)) {
            throw new JedisException("the server cannot do this now");
        }
        if (!waiting.isEmpty()) {
            exchange(waiting);
        }
    }

    /**
     * Takes the replies.
     *
     * @param waiting is left with what is to be sent again, even if the connection breaks
     * @return whether the server cannot do some of it now
     */
    private boolean receive(RedisConnection current, List<Call> calls, ArrayDeque<Command> waiting) {
        boolean passing = false;
        ArrayDeque<Command> again = new ArrayDeque<>();
        try {
            for (Call call : calls) {
                Object reply = current.receive();
                for (int i = 0; i < call.commands().size(); i++) {
                    waiting.removeFirst();
                }
                if (reply instanceof JedisDataException refused && !ErrorReplies.isPassing(refused)) {
                    refused(call, refused, again);
                } else {
                    passing |= answered(call, reply, again);
                }
            }
        } finally {
            while (!again.isEmpty()) {
                waiting.addFirst(again.pollLast());
            }
        }
        return passing;
    }

    /**
     * @param again gets what the server cannot do now
     * @return whether there is such
     */
    private boolean answered(Call call, @Nullable Object reply, ArrayDeque<Command> again) {
        boolean passing = false;
        List<@Nullable Object> results = call.results(reply);
        for (int i = 0; i < call.commands().size(); i++) {
            Command command = call.commands().get(i);
            Object result = results.get(i);
            if (!(result instanceof JedisDataException refused)) {
                commands.complete(command, result);
            } else if (!ErrorReplies.isPassing(refused)) {
                commands.fail(command, refused);
            } else {
                passing = true;
                if (command.isLate()) {
                    commands.fail(command, refused);
                } else {
                    again.add(command);
                }
            }
        }
        return passing;
    }

    /** @param again gets what may be sent in another form */
    private void refused(Call call, JedisDataException refused, ArrayDeque<Command> again) {
        if (ErrorReplies.isAcrossSlots(refused)) {
            joining = false; // a cluster behind one address
        }
        for (Command command : call.commands()) {
            Command inFull = refused instanceof JedisNoScriptException ? command.inFull() : null;
            Step step = command.step();
            if (inFull != null) {
                again.add(inFull);
            } else if (step != null && call.commands().size() > 1) {
                again.add(command.other(step.sentAlone())); // only one of them may be the cause
            } else {
                commands.fail(command, refused);
            }
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
        List<Command> late = new ArrayList<>();
        waiting.removeIf(command -> (command.isLate() || commands.isClosed()) && late.add(command));
        List<Command> elsewhere = new ArrayList<>();
        synchronized (queue) {
            while (!waiting.isEmpty()) {
                queue.addFirst(waiting.pollLast());
            }
            queue.removeIf(command -> command.isLate() && late.add(command));
            if (commands.isRerouted()) {
                elsewhere.addAll(queue);
                queue.clear();
            }
        }
        late.forEach(command ->
                commands.fail(command, new BackendUnavailableException("Redis did not answer in time", cause)));
        commands.reroute(elsewhere);
        synchronized (queue) {
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
