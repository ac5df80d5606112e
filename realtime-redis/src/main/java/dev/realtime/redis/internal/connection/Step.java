package dev.realtime.redis.internal.connection;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

/**
 * A step of a script that does many in one call: it takes the keys and the arguments of all of them, one after the other, and returns a list with the
 * result of each.
 *
 * @param inFull whether the server does not know the script
 * @param alone whether it is a call of its own, because a call of several was refused
 */
record Step(Script script, List<byte[]> keys, List<byte[]> arguments, boolean inFull, boolean alone) {

    static Step of(Script script, Collection<String> keys, Object... arguments) {
        List<byte[]> names = new ArrayList<>(keys.size());
        for (String key : keys) {
            names.add(key.getBytes(StandardCharsets.UTF_8));
        }
        List<byte[]> values = new ArrayList<>(arguments.length);
        for (Object argument : arguments) {
            values.add(argument.toString().getBytes(StandardCharsets.UTF_8));
        }
        return new Step(script, names, values, false, false);
    }

    Step sentInFull() {
        return new Step(script, keys, arguments, true, alone);
    }

    Step sentAlone() {
        return new Step(script, keys, arguments, inFull, true);
    }

    int size() {
        long size = 0;
        for (byte[] key : keys) {
            size += key.length;
        }
        for (byte[] argument : arguments) {
            size += argument.length;
        }
        return (int) Math.min(Integer.MAX_VALUE, size);
    }

    /** Whether another one may be part of the same call. */
    boolean joins(Step other) {
        return !alone && !other.alone && script.equals(other.script) && inFull == other.inFull;
    }

    /** One call for all of these steps, which {@linkplain #joins join}. */
    static CommandArguments call(List<Step> steps) {
        Step first = steps.get(0);
        CommandArguments call = new CommandArguments(first.inFull ? Protocol.Command.EVAL : Protocol.Command.EVALSHA)
                .add(first.inFull ? first.script.text() : first.script.sha())
                .add(steps.stream().mapToInt(step -> step.keys.size()).sum());
        steps.forEach(step -> step.keys.forEach(call::add));
        steps.forEach(step -> step.arguments.forEach(call::add));
        return call;
    }
}
