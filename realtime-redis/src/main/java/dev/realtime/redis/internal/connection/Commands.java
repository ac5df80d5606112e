package dev.realtime.redis.internal.connection;

import dev.realtime.redis.BackendUnavailableException;
import dev.realtime.redis.CommandQueueFullException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.args.Rawable;
import redis.clients.jedis.commands.ProtocolCommand;

/**
 * Sends commands without blocking the caller, each to the server that is responsible for its key, and again when that was not to be
 * reached. Replies come on the threads that read them: who goes on from there has to be quick. Thread-safe.
 */
public final class Commands implements AutoCloseable {
    private static final CommandArguments NONE = new CommandArguments(Protocol.Command.EVALSHA);

    private final String name;
    private final Connector connector;
    private final Duration patience;
    private final BooleanSupplier hopeless;
    private final boolean cluster;
    private final Map<String, CommandLane> lanes = new ConcurrentHashMap<>();
    private final CommandRoom room;
    private final ArrayDeque<Command> unrouted = new ArrayDeque<>(); // guarded by itself
    private final @Nullable Thread router;
    private boolean routed; // whether the router has ended; guarded by unrouted
    private volatile boolean closed;
    private volatile boolean ending; // no lane goes on

    /**
     * @param name of its threads
     * @param room for what waits
     * @param patience how long a command may wait for its reply
     * @param hopeless whether to refuse at once what could only wait in vain
     */
    public Commands(String name, Connector connector, CommandRoom room, Duration patience, BooleanSupplier hopeless) {
        this.name = name;
        this.connector = connector;
        this.room = room;
        this.patience = patience;
        this.hopeless = hopeless;
        this.cluster = connector.url().kind() == RedisUrl.Kind.CLUSTER;
        this.router = cluster ? Threads.start(name + "-router", this::route) : null;
    }

    /**
     * Sends a command to where the key is. Fails with {@link BackendUnavailableException} when no answer comes in time, with
     * {@link CommandQueueFullException} when there is no room for it, or with the error that the server replied.
     */
    public CompletionStage<@Nullable Object> send(String key, ProtocolCommand command, Object... arguments) {
        return submit(key, new CommandArguments(command).addObjects(arguments), null);
    }

    /** Runs a script. All keys live where the first does. */
    public CompletionStage<@Nullable Object> run(Script script, Collection<String> keys, Object... arguments) {
        return submit(
                keys.iterator().next(),
                script(Protocol.Command.EVALSHA, script.sha(), keys, arguments),
                () -> script(Protocol.Command.EVAL, script.text(), keys, arguments));
    }

    /**
     * Runs one step of a script that does many in one call: it takes the keys and the arguments of all of them, one after the other, and returns a list
     * with the result of each. Steps that wait for the same server are sent together, in their order.
     */
    public CompletionStage<@Nullable Object> step(Script script, Collection<String> keys, Object... arguments) {
        Step step = Step.of(script, keys, arguments);
        return submit(keys.iterator().next(), NONE, null, step, step.size());
    }

    /** Whether one call may have keys of different slots. A cluster behind one address says so only when it is asked. */
    public boolean isOneServer() {
        return !cluster;
    }

    private static CommandArguments script(
            ProtocolCommand command, String script, Collection<String> keys, Object... arguments) {
        return new CommandArguments(command)
                .add(script)
                .add(keys.size())
                .addObjects(keys)
                .addObjects(arguments);
    }

    private CompletionStage<@Nullable Object> submit(
            String key, CommandArguments arguments, @Nullable Supplier<CommandArguments> instead) {
        return submit(key, arguments, instead, null, size(arguments));
    }

    private CompletionStage<@Nullable Object> submit(
            String key,
            CommandArguments arguments,
            @Nullable Supplier<CommandArguments> instead,
            @Nullable Step step,
            int size) {
        CompletableFuture<@Nullable Object> reply = new CompletableFuture<>();
        if (closed || hopeless.getAsBoolean()) {
            reply.completeExceptionally(new BackendUnavailableException(
                    closed ? "the Redis backend is closed" : "Redis cannot be reached", null));
            return reply;
        }
        try {
            room.take(size);
        } catch (CommandQueueFullException e) {
            reply.completeExceptionally(e);
            return reply;
        }
        Command command =
                new Command(key, arguments, instead, step, size, System.nanoTime() + patience.toNanos(), reply);
        if (!cluster) {
            lane("").add(command);
            return reply;
        }
        reroute(List.of(command));
        return reply;
    }

    private static int size(CommandArguments arguments) {
        long size = 0;
        for (Rawable argument : arguments) {
            size += argument.getRaw().length;
        }
        return (int) Math.min(Integer.MAX_VALUE, size);
    }

    private CommandLane lane(String shard) {
        CommandLane lane = lanes.computeIfAbsent(
                shard,
                missing -> new CommandLane(missing.isEmpty() ? name : name + "-" + missing, missing, connector, this));
        if (ending) {
            lane.close();
        }
        return lane;
    }

    /** Other servers may be responsible by now: the next commands go over new connections. */
    public void reconnect() {
        connector.forget();
        lanes.values().forEach(CommandLane::reconnect);
    }

    boolean isClosed() {
        return closed;
    }

    boolean isRerouted() {
        return cluster;
    }

    void reroute(Collection<Command> commands) {
        synchronized (unrouted) {
            if (!routed) {
                unrouted.addAll(commands);
                unrouted.notifyAll();
                return;
            }
        }
        commands.forEach(
                command -> fail(command, new BackendUnavailableException("the Redis backend is closed", null)));
    }

    /** Null at the end: when it is closed and nothing waits. */
    private @Nullable Command nextUnrouted() {
        synchronized (unrouted) {
            try {
                while (unrouted.isEmpty() && !closed) {
                    unrouted.wait();
                }
            } catch (InterruptedException e) {
                closed = true;
            }
            routed = unrouted.isEmpty();
            return unrouted.pollFirst();
        }
    }

    /** Finds out who is responsible, which may take asking. */
    private void route() {
        Backoff backoff = new Backoff();
        for (Command command = nextUnrouted(); command != null; command = nextUnrouted()) {
            try {
                lane(connector.shardOf(command.key())).add(command);
                backoff.reset();
            } catch (RuntimeException e) { // of a server, or of who cannot read its answer
                failLate(command, e);
                pause(backoff.next());
            }
        }
    }

    /** All that waits with this one is for the same question. */
    private void failLate(Command unanswered, RuntimeException cause) {
        List<Command> late = new ArrayList<>();
        synchronized (unrouted) {
            unrouted.addFirst(unanswered);
            unrouted.removeIf(command -> (command.isLate() || closed) && late.add(command));
        }
        late.forEach(command -> fail(command, new BackendUnavailableException("Redis did not answer in time", cause)));
    }

    /** Whatever is added meanwhile. */
    private void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        synchronized (unrouted) {
            try {
                for (long left = millis; left > 0 && !closed; ) {
                    unrouted.wait(left);
                    left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                }
            } catch (InterruptedException e) {
                closed = true;
            }
        }
    }

    void complete(Command command, @Nullable Object reply) {
        room.giveBack(command.size());
        command.reply().complete(reply);
    }

    void fail(Command command, Throwable failure) {
        room.giveBack(command.size());
        command.reply().completeExceptionally(failure);
    }

    /** Sends what waits, as long as the server takes it, and ends. */
    @Override
    public void close() {
        closed = true;
        synchronized (unrouted) {
            unrouted.notifyAll();
        }
        if (router != null) {
            Threads.join(router, 1_000);
        }
        ending = true;
        lanes.values().forEach(CommandLane::close);
        lanes.values().forEach(lane -> lane.awaitEnd(1_000));
    }
}
