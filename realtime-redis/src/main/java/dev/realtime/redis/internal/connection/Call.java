package dev.realtime.redis.internal.connection;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.exceptions.JedisDataException;

/** What is sent to a server at once and has one reply: a command, or several steps of a script. */
final class Call {
    /** How long a server may be busy with one call, while all others wait: some tenths of a millisecond, for so many steps … */
    private static final int MOST_STEPS = 64;

    /** … and so many bytes, which it copies, and reads as JSON where a step looks into a record. */
    private static final int MOST_BYTES = 128 << 10;

    private final List<Command> commands = new ArrayList<>();
    private int bytes;

    private Call(Command first) {
        add(first);
    }

    private void add(Command command) {
        commands.add(command);
        bytes += command.size();
    }

    /** Calls for all of these commands, in their order. */
    static List<Call> of(Iterable<Command> waiting, boolean joining) {
        List<Call> calls = new ArrayList<>();
        Call last = null;
        for (Command command : waiting) {
            if (joining && last != null && last.joins(command)) {
                last.add(command);
            } else {
                last = new Call(command);
                calls.add(last);
            }
        }
        return calls;
    }

    private boolean joins(Command command) {
        Step mine = commands.get(0).step();
        Step other = command.step();
        return mine != null
                && other != null
                && mine.joins(other)
                && commands.size() < MOST_STEPS
                && bytes + command.size() <= MOST_BYTES;
    }

    List<Command> commands() {
        return commands;
    }

    CommandArguments arguments() {
        List<Step> steps = new ArrayList<>(commands.size());
        for (Command command : commands) {
            Step step = command.step();
            if (step == null) {
                return command.arguments();
            }
            steps.add(step);
        }
        return Step.call(steps);
    }

    /** The results of its commands, one for each; an error is the result of all that it concerns. */
    List<@Nullable Object> results(@Nullable Object reply) {
        if (commands.get(0).step() == null || reply instanceof JedisDataException) {
            return Collections.nCopies(commands.size(), reply);
        }
        if (reply instanceof List<?> all && all.size() == commands.size()) {
            return new ArrayList<>(all);
        }
        return Collections.nCopies(commands.size(), new JedisDataException("a script replied " + reply));
    }
}
