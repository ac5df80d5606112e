package dev.realtime.standalone;

import dev.realtime.drain.DrainOptions;
import dev.realtime.spi.OperatorPages;
import dev.realtime.spi.TransportDoors;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** What the server needs of an engine. */
record ServedEngine(
        TransportDoors doors,
        BooleanSupplier isOpen,
        OperatorPages pages,
        Function<DrainOptions, CompletionStage<Void>> drain) {}
