package dev.realtime.spi;

import org.jspecify.annotations.Nullable;

/**
 * The one place that turns a client's address into the key under which its connections, budgets and log lines are counted. An IPv6
 * client counts by its /64, since a household, and therefore every attacker, has all addresses of one; an IPv4 address that is written as an
 * IPv6 one counts as what it is. Never asks a name server: what is no address is its own key.
 */
public final class AddressKey {
    private static final int MAX_LENGTH = 64; // a name in place of an address, as some proxies give
    private static final int GROUPS = 8;
    private static final int GROUPS_OF_NETWORK = 4;

    private AddressKey() {}

    /** @param address without a port, as in {@link RequestView#remoteAddress()} */
    public static String of(String address) {
        if (address.indexOf(':') >= 0) {
            int[] groups = parse(address);
            if (groups != null) {
                return isMapped(groups) ? ipv4(groups) : network(groups);
            }
        }
        return address.length() <= MAX_LENGTH ? address : address.substring(0, MAX_LENGTH);
    }

    private static boolean isMapped(int[] groups) {
        return (groups[0] | groups[1] | groups[2] | groups[3] | groups[4]) == 0 && groups[5] == 0xffff;
    }

    private static String ipv4(int[] groups) {
        return (groups[6] >> 8) + "." + (groups[6] & 0xff) + "." + (groups[7] >> 8) + "." + (groups[7] & 0xff);
    }

    private static String network(int[] groups) {
        StringBuilder key = new StringBuilder(24);
        for (int i = 0; i < GROUPS_OF_NETWORK; i++) {
            key.append(Integer.toHexString(groups[i])).append(':');
        }
        return key.append(":/64").toString();
    }

    /** RFC 4291 §2.2, with a zone or brackets that are passed over; null for anything else. */
    private static int @Nullable [] parse(String address) {
        String text = address;
        if (text.startsWith("[") && text.endsWith("]")) {
            text = text.substring(1, text.length() - 1);
        }
        int zone = text.indexOf('%');
        if (zone >= 0) {
            text = text.substring(0, zone);
        }
        int gap = text.indexOf("::");
        if (gap < 0) {
            int[] all = new int[GROUPS];
            return read(text, all) == GROUPS ? all : null;
        }
        int[] head = new int[GROUPS];
        int[] tail = new int[GROUPS];
        int before = read(text.substring(0, gap), head);
        int behind = read(text.substring(gap + 2), tail);
        if (before < 0 || behind < 0 || before + behind >= GROUPS) {
            return null;
        }
        System.arraycopy(tail, 0, head, GROUPS - behind, behind);
        return head;
    }

    /** How many groups a part without a gap has; -1 when it is none. */
    private static int read(String part, int[] groups) {
        if (part.isEmpty()) {
            return 0;
        }
        String[] words = part.split(":", -1);
        int count = 0;
        for (int i = 0; i < words.length; i++) {
            boolean dotted = i == words.length - 1 && words[i].indexOf('.') >= 0;
            if (count + (dotted ? 2 : 1) > GROUPS) {
                return -1;
            }
            if (dotted) {
                int address = dotted(words[i]);
                if (address == -1 && !words[i].equals("255.255.255.255")) {
                    return -1;
                }
                groups[count++] = address >>> 16;
                groups[count++] = address & 0xffff;
            } else {
                int group = number(words[i], 16, 4);
                if (group < 0) {
                    return -1;
                }
                groups[count++] = group;
            }
        }
        return count;
    }

    private static int dotted(String text) {
        String[] bytes = text.split("\\.", -1);
        int address = 0;
        for (String word : bytes) {
            int value = number(word, 10, 3);
            if (bytes.length != 4 || value < 0 || value > 255) {
                return -1;
            }
            address = address << 8 | value;
        }
        return address;
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
}
