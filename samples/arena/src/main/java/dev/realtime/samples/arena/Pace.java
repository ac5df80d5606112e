package dev.realtime.samples.arena;

import java.time.Duration;

/** How far somebody can have walked: a step that is longer ends where their legs would have carried them. */
final class Pace {
    /** World units a second; the page walks at 190. */
    static final double SPEED = 300;
    /** World units that a step may be too long, for clocks and networks that are not even. */
    static final double SLACK = 60;

    private Pace() {}

    static double[] step(double fromX, double fromY, double toX, double toY, Duration since) {
        double far = Math.hypot(toX - fromX, toY - fromY);
        double reach = SLACK + SPEED * Math.max(0, since.toMillis()) / 1000.0;
        double share = far <= reach ? 1 : reach / far;
        return new double[] {fromX + (toX - fromX) * share, fromY + (toY - fromY) * share};
    }
}
