package dev.realtime.contracts;

import dev.realtime.internal.json.JacksonCodec;
import dev.realtime.spi.JsonCodec;
import dev.realtime.testkit.contract.JsonCodecContract;

class JacksonCodecTest extends JsonCodecContract {
    private final JsonCodec codec = new JacksonCodec(32);

    @Override
    protected JsonCodec codec() {
        return codec;
    }
}
