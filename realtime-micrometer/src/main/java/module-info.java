/** The metrics of an engine in Micrometer. */
@SuppressWarnings("requires-transitive-automatic") // Micrometer has no descriptor, but a name
module dev.realtime.micrometer {
    exports dev.realtime.metrics;

    requires transitive dev.realtime.core;
    requires transitive micrometer.core;
}
