package dev.realtime.internal.session;

import dev.realtime.state.State;
import dev.realtime.state.StateListener;
import java.util.List;

/** States that a namespace has, and who is told of their changes. Immutable. */
public record DeclaredState<T>(State<T> contract, List<StateListener<T>> listeners) {}
