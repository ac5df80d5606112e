package dev.realtime.benchmarks.page;

import dev.realtime.benchmarks.Results;
import java.util.List;

/** Bars: a group for each measure and a bar for each server in it; what nobody measured has none. The shorter the better. */
record Bars(String title, List<Measure> measures, List<Peer> peers) implements Picture {
    private static final int WIDTH = 760;
    private static final int LABELS = 190;
    private static final int BAR = 18;
    private static final int TOP = 40;

    @Override
    public String svg(Results results) {
        double most = 0;
        int height = TOP;
        for (Measure measure : measures) {
            height += BAR + 8;
            for (Peer peer : peers) {
                double value = measure.of(results, peer.server());
                if (!Double.isNaN(value)) {
                    most = Math.max(most, value);
                    height += BAR;
                }
            }
        }
        Drawing drawing = new Drawing(WIDTH, height + 10, title);
        double y = TOP;
        for (Measure measure : measures) {
            drawing.text(16, y + 13, "start", "s", measure.label());
            y += BAR;
            for (int i = 0; i < peers.size(); i++) {
                double value = measure.of(results, peers.get(i).server());
                if (Double.isNaN(value)) {
                    continue;
                }
                double length = Math.max(1, (WIDTH - LABELS - 90) * value / most);
                drawing.text(LABELS - 8, y + 13, "end", "t", peers.get(i).label());
                drawing.bar(LABELS, y + 2, length, BAR - 4, Drawing.COLOURS.get(i % Drawing.COLOURS.size()));
                drawing.text(
                        LABELS + length + 6,
                        y + 13,
                        "start",
                        "t",
                        measure.text(results, peers.get(i).server()));
                y += BAR;
            }
            y += 8;
        }
        return drawing.svg();
    }
}
