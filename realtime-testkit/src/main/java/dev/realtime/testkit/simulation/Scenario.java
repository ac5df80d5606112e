package dev.realtime.testkit.simulation;

import dev.realtime.RealtimeBuilder;
import dev.realtime.testkit.TestNode;

/**
 * What one run of a {@link Simulator} is about: the application on the nodes, whoever uses it, and what must be true. The simulator makes
 * things go wrong meanwhile, and calls these methods in this order:
 *
 * <ol>
 *   <li>{@link #options} for each node that starts, then {@link #start};
 *   <li>{@link #badMoment}, {@link #everybodyTo}, {@link #sessionsForgotten} and {@link #historyBroken} while there is trouble;
 *   <li>{@link #calmDown} when everything heals, {@link #speak} when all clients have had time to come back;
 *   <li>{@link #check} when everything has come to rest, {@link #leave}, and {@link #checkGone} when nothing may be left.
 * </ol>
 *
 * <p>One object belongs to one run. {@link Simulation} has a scenario of its own, which suits most games. Write another one where clients have to
 * do something that its actions cannot, or checks have to know more than its clients do.
 */
public interface Scenario {
    /** Returns the options of a node that is about to start. */
    RealtimeBuilder options(SimulatedNode node);

    /** All nodes run: clients and application may begin, with {@link SimulatedCluster#after}. */
    void start();

    /** Something is about to happen to this node, or has just ended: whoever does something there now, does it at a bad moment. */
    default void badMoment(String node) {}

    /** All clients lose their connection and come to this node. */
    default void everybodyTo(TestNode node) {}

    /** The backend has just lost its session records, or is about to. */
    default void sessionsForgotten() {}

    /** The backend has just lost some or all of its log. */
    default void historyBroken(Incidents.Break broken) {}

    /** Nothing goes wrong from now on: clients come back and stay. */
    default void calmDown() {}

    /** All is well: a last occasion to say something that everybody has to receive. */
    default void speak() {}

    /** Everything has come to rest with all clients there: says what is wrong by {@link SimulatedCluster#violation}. */
    void check();

    /** All clients leave. */
    void leave();

    /** Nobody has been there for long: says what is left behind. */
    default void checkGone() {}

    /** Returns how many events clients have received: a run that checks nothing is seen by it. */
    default int deliveries() {
        return 0;
    }

    /** Returns how often a client got its session back. */
    default int resumes() {
        return 0;
    }
}
