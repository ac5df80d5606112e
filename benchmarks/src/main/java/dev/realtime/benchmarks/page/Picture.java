package dev.realtime.benchmarks.page;

import dev.realtime.benchmarks.Results;

/** Something drawn. */
interface Picture {
    /** Returns an SVG document. */
    String svg(Results results);
}
