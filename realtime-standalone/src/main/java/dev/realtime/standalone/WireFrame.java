package dev.realtime.standalone;

import dev.realtime.spi.Frame;

/** A frame as a server sends it: header without mask, then the payload (RFC 6455 section 5.2). Shared by all recipients. */
final class WireFrame {
    private WireFrame() {}

    static byte[] plain(Frame frame) {
        return frame(frame.isBinary(), false, frame.bytes(), frame.size());
    }

    static byte[] frame(boolean binary, boolean compressed, byte[] payload, int length) {
        int header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
        byte[] wire = new byte[header + length];
        wire[0] = (byte) (0x80 | (compressed ? 0x40 : 0) | (binary ? 2 : 1));
        if (header == 2) {
            wire[1] = (byte) length;
        } else if (header == 4) {
            wire[1] = 126;
            wire[2] = (byte) (length >> 8);
            wire[3] = (byte) length;
        } else {
            wire[1] = 127;
            for (int i = 0; i < 4; i++) {
                wire[6 + i] = (byte) (length >> (24 - 8 * i));
            }
        }
        System.arraycopy(payload, 0, wire, header, length);
        return wire;
    }
}
