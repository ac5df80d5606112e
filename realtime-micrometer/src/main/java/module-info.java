/** The metrics of an engine in Micrometer, and its traces. */
@SuppressWarnings("requires-transitive-automatic") // Micrometer has no descriptor, but a name
module dev.realtime.micrometer {
    exports dev.realtime.metrics;
    exports dev.realtime.traces;

    requires transitive dev.realtime.core;
    requires transitive micrometer.core;
    requires transitive micrometer.observation;
}
