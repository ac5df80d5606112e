package dev.realtime.internal.engineio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.spi.Frame;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class PayloadPropertiesTest {

    private final PayloadCodec codec = new PayloadCodec();

    @Property
    void aPayloadComesBack(@ForAll @Size(min = 1, max = 8) List<@From("frames") Frame> frames) {
        List<Frame> read = DecodedBody.frames(new String(codec.encode(frames), UTF_8));
        assertThat(read).hasSameSizeAs(frames);
        for (int i = 0; i < frames.size(); i++) {
            assertThat(read.get(i).isBinary()).isEqualTo(frames.get(i).isBinary());
            assertThat(read.get(i).bytes()).isEqualTo(frames.get(i).bytes());
        }
    }

    @Property
    void anyBodyIsAPayloadOrACodedError(@ForAll String body) {
        try {
            assertThat(DecodedBody.frames(body)).isNotEmpty();
        } catch (BadPayloadException e) {
            assertThat(e.code()).isNotNull();
        }
    }

    @Provide
    Arbitrary<Frame> frames() {
        Arbitrary<Frame> texts = Arbitraries.strings()
                .excludeChars('\u001e')
                .ofMaxLength(30)
                .flatMap(data ->
                        Arbitraries.chars().range('0', '6').map(type -> Frame.text((type + data).getBytes(UTF_8))));
        Arbitrary<Frame> binaries =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(40).map(Frame::binary);
        return Arbitraries.oneOf(texts, binaries);
    }
}
