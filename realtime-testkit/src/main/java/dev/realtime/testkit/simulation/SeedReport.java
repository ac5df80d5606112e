package dev.realtime.testkit.simulation;

/**
 * What came of many seeds, none of which has failed.
 *
 * @param seeds that were run
 * @param deliveries reliable events that clients received, of all seeds
 * @param resumes how often a client got its session back, of all seeds
 */
public record SeedReport(int seeds, long deliveries, long resumes) {}
