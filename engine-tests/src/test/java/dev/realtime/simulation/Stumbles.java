package dev.realtime.simulation;

/** How often a step of the engine has been taken in the run of this thread, for those that are to fail a few times. */
public final class Stumbles {
    private static final int MOST = 6;
    private static final ThreadLocal<int[]> TAKEN = ThreadLocal.withInitial(() -> new int[1]);

    private Stumbles() {}

    /** Throws at each so many calls, a few times in a run. */
    public static void at(int every) {
        int taken = ++TAKEN.get()[0];
        if (taken % every == 0 && taken / every <= MOST) {
            throw new OutOfMemoryError("planted");
        }
    }
}
