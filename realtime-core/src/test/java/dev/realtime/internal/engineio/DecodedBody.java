package dev.realtime.internal.engineio;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.realtime.spi.Frame;
import java.util.ArrayList;
import java.util.List;

/** A whole request body as the frames that a WebSocket would have brought. */
final class DecodedBody {
    private DecodedBody() {}

    /** @throws BadPayloadException if a packet is bad */
    static List<Frame> frames(String body) {
        List<Frame> frames = new ArrayList<>();
        for (PayloadCodec.Reader reader = new PayloadCodec().read(body); reader.hasNext(); ) {
            String packet = reader.next();
            if (PayloadCodec.isBinary(packet)) {
                frames.add(Frame.binary(PayloadCodec.binary(packet)));
            } else {
                var unused = EnginePacketType.ofPacket(packet);
                frames.add(Frame.text(packet.getBytes(UTF_8)));
            }
        }
        return frames;
    }
}
