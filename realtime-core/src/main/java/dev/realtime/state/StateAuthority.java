package dev.realtime.state;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Whoever knows better than any copy of a state, such as the application's database. */
@FunctionalInterface
public interface StateAuthority<T> {

    /**
     * Decides what holds, on a thread for handlers. It may be asked again if the shared state has changed meanwhile.
     *
     * @param key of the state
     * @param copies those that were given, and the shared one at the end if there is one
     * @return completes with what holds, of which the version plays no part; with null if the rule is to decide: the higher version, and of equal versions
     *     the later one. If it fails, nothing is resolved
     */
    CompletionStage<@Nullable StateValue<T>> decide(String key, List<StateValue<T>> copies);
}
