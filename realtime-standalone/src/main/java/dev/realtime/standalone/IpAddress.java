package dev.realtime.standalone;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An IP address that was written in numbers: what is a name, or anything else, is none. An IPv4 address in IPv6 form is what it is. */
final class IpAddress {
    private static final int GROUPS = 8;

    private final byte[] bytes; // four or sixteen

    private IpAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    /** RFC 4291 section 2.2, and four decimal numbers without leading zeros; no brackets, no zone. Null for anything else. */
    static @Nullable IpAddress parse(String text) {
        byte[] read = text.indexOf(':') < 0 ? four(text) : sixteen(text);
        return read == null ? null : new IpAddress(isMapped(read) ? Arrays.copyOfRange(read, 12, 16) : read);
    }

    private static boolean isMapped(byte[] bytes) {
        if (bytes.length == 4 || bytes[10] != -1 || bytes[11] != -1) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static byte @Nullable [] four(String text) {
        String[] words = text.split("\\.", -1);
        byte[] bytes = new byte[4];
        for (int i = 0; i < words.length; i++) {
            int value = number(words[i], 10, 3);
            if (words.length != 4 || value < 0 || value > 255 || (words[i].length() > 1 && words[i].charAt(0) == '0')) {
                return null;
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static byte @Nullable [] sixteen(String text) {
        int gap = text.indexOf("::");
        List<Integer> head = groups(gap < 0 ? text : text.substring(0, gap), gap < 0);
        List<Integer> tail = gap < 0 ? List.of() : groups(text.substring(gap + 2), true);
        if (head == null || tail == null) {
            return null;
        }
        int count = head.size() + tail.size();
        if (gap < 0 ? count != GROUPS : count >= GROUPS) {
            return null;
        }
        byte[] bytes = new byte[2 * GROUPS];
        for (int i = 0; i < head.size(); i++) {
            put(bytes, i, head.get(i));
        }
        for (int i = 0; i < tail.size(); i++) {
            put(bytes, GROUPS - tail.size() + i, tail.get(i));
        }
        return bytes;
    }

    private static void put(byte[] bytes, int group, int value) {
        bytes[2 * group] = (byte) (value >>> 8);
        bytes[2 * group + 1] = (byte) value;
    }

    /** @param last whether the address ends with them: the last two may then be written as IPv4 */
    private static @Nullable List<Integer> groups(String part, boolean last) {
        List<Integer> groups = new ArrayList<>(GROUPS);
        if (part.isEmpty()) {
            return groups;
        }
        String[] words = part.split(":", -1);
        for (int i = 0; i < words.length; i++) {
            if (last && i == words.length - 1 && words[i].indexOf('.') >= 0) {
                byte[] dotted = four(words[i]);
                if (dotted == null) {
                    return null;
                }
                groups.add((dotted[0] & 0xff) << 8 | (dotted[1] & 0xff));
                groups.add((dotted[2] & 0xff) << 8 | (dotted[3] & 0xff));
            } else {
                int group = number(words[i], 16, 4);
                if (group < 0) {
                    return null;
                }
                groups.add(group);
            }
        }
        return groups;
    }

    private static int number(String digits, int radix, int most) {
        if (digits.isEmpty() || digits.length() > most) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value;
    }

    int bits() {
        return 8 * bytes.length;
    }

    /** The same with all but its first bits zero. */
    IpAddress masked(int prefix) {
        byte[] masked = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.max(0, Math.min(8, prefix - 8 * i));
            masked[i] = (byte) (bytes[i] & (0xff00 >>> kept));
        }
        return new IpAddress(masked);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IpAddress that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** As Java writes the address of a socket. */
    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // four or sixteen bytes are always an address
        }
    }
}
