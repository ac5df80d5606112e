package dev.realtime.standalone;

import dev.realtime.Stats;
import dev.realtime.spi.TransportDoors;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the server needs of an engine. */
record ServedEngine(
        TransportDoors doors,
        Supplier<Stats> stats,
        BooleanSupplier isOpen,
        BooleanSupplier isDegraded,
        Function<Duration, CompletionStage<Void>> drain) {}
