package dev.realtime.benchmarks.page;

import dev.realtime.benchmarks.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lines over a logarithmic axis: how a number changes as something grows. A line ends with its name.
 *
 * @param value as the results name it
 * @param unit of the vertical axis
 */
record Lines(String title, String value, String unit, List<Growing> lines) implements Picture {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 360;
    private static final int LEFT = 56;
    private static final int RIGHT = 200;
    private static final int TOP = 56;
    private static final int BOTTOM = 36;
    private static final int GRIDS = 4;

    /**
     * One line.
     *
     * @param scenario whose steps they are
     * @param steps in rising order, each at least 1
     */
    record Growing(String label, String scenario, String server, List<Integer> steps) {}

    private record Point(int step, double value) {}

    @Override
    public String svg(Results results) {
        double most = 1;
        int furthest = 10;
        List<List<Point>> all = new ArrayList<>();
        for (Growing line : lines) {
            List<Point> points = new ArrayList<>();
            for (int step : line.steps) {
                double measured = results.median(line.scenario + "/" + step, line.server, value);
                if (!Double.isNaN(measured)) {
                    points.add(new Point(step, measured));
                    most = Math.max(most, measured);
                    furthest = Math.max(furthest, step);
                }
            }
            all.add(points);
        }
        double top = roundUp(most);
        double decades = Math.log10(furthest);
        Drawing drawing = new Drawing(WIDTH, HEIGHT, title);
        for (int i = 0; i <= GRIDS; i++) {
            double y = y(top * i / GRIDS, top);
            drawing.rule(LEFT, y, WIDTH - RIGHT, y);
            drawing.text(LEFT - 8, y + 4, "end", "s", String.format(Locale.ROOT, "%.4s", top * i / GRIDS));
        }
        drawing.text(16, TOP - 10, "start", "s", unit);
        for (int decade = 0; decade <= decades + 0.01; decade++) {
            drawing.text(
                    x(Math.pow(10, decade), decades),
                    HEIGHT - 12,
                    "middle",
                    "s",
                    String.format(Locale.ROOT, "%,.0f", Math.pow(10, decade)));
        }
        for (int i = 0; i < lines.size(); i++) {
            draw(drawing, lines.get(i), all.get(i), top, decades, Drawing.COLOURS.get(i % Drawing.COLOURS.size()));
        }
        return drawing.svg();
    }

    private static void draw(
            Drawing drawing, Growing line, List<Point> points, double top, double decades, String colour) {
        for (int i = 0; i < points.size(); i++) {
            double x = x(points.get(i).step, decades);
            double y = y(points.get(i).value, top);
            drawing.dot(x, y, colour);
            if (i > 0) {
                drawing.stroke(x(points.get(i - 1).step, decades), y(points.get(i - 1).value, top), x, y, colour);
            }
            if (i == points.size() - 1) {
                drawing.text(x + 8, y + 4, "start", "t", line.label);
            }
        }
    }

    private static double x(double step, double decades) {
        return LEFT + (WIDTH - RIGHT - LEFT) * Math.log10(step) / decades;
    }

    private static double y(double value, double top) {
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top;
    }

    /** To 1, 2, 4 or 8 times a power of ten. */
    private static double roundUp(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        for (int times : new int[] {1, 2, 4, 8}) {
            if (value <= times * power) {
                return times * power;
            }
        }
        return 10 * power;
    }
}
