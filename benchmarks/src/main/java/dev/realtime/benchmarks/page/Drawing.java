package dev.realtime.benchmarks.page;

import java.util.List;
import java.util.Locale;

/** An SVG document under construction. It paints its own background, light or dark as the reader's system is, so that it is readable on any page. */
final class Drawing {
    /** Of this library first, then of the others. */
    static final List<String> COLOURS =
            List.of("#2f81f7", "#d29922", "#8b949e", "#3fb950", "#a371f7", "#f0883e", "#db61a2");

    private static final String STYLE = """
            <style>
            .b{fill:#ffffff} .t{fill:#1f2328} .s{fill:#59636e} .g{stroke:#d1d9e0}
            text{font:12px system-ui,sans-serif} .h{font-weight:600;font-size:14px}
            @media(prefers-color-scheme:dark){.b{fill:#0d1117} .t{fill:#f0f6fc} .s{fill:#9198a1} .g{stroke:#3d444d}}
            </style>
            """;

    private final StringBuilder body = new StringBuilder();
    private final int width;
    private final int height;

    Drawing(int width, int height, String title) {
        this.width = width;
        this.height = height;
        text(16, 24, "start", "t h", title);
    }

    void text(double x, double y, String anchor, String styles, String text) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>",
                x, y, anchor, styles, text.replace("&", "&amp;").replace("<", "&lt;"));
    }

    void bar(double x, double y, double barWidth, double barHeight, String colour) {
        add(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" fill=\"%s\"/>",
                x, y, barWidth, barHeight, colour);
    }

    void rule(double x1, double y1, double x2, double y2) {
        add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"g\"/>", x1, y1, x2, y2);
    }

    void dot(double x, double y, String colour) {
        add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>", x, y, colour);
    }

    void stroke(double x1, double y1, double x2, double y2, String colour) {
        add(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"2\"/>",
                x1, y1, x2, y2, colour);
    }

    private void add(String format, Object... values) {
        body.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    String svg() {
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">%n",
                        width,
                        height,
                        width,
                        height)
                + STYLE + "<rect width=\"100%\" height=\"100%\" rx=\"6\" class=\"b\"/>\n" + body + "</svg>\n";
    }
}
