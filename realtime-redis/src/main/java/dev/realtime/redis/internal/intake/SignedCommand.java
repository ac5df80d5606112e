package dev.realtime.redis.internal.intake;

import dev.realtime.json.JacksonJson;
import dev.realtime.spi.EventData;
import dev.realtime.spi.JsonCodec;
import dev.realtime.spi.JsonCodec.DecodeException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A command with a signature, as it stands on the channel: JSON with these members. What is signed is the UTF-8 text {@code
 * realtime-admin-1⏎CHANNEL⏎KEY⏎NONCE⏎AT⏎COMMAND} with line feeds between the parts. The command is a text of its own in it, character by character as
 * it stands in the JSON string once that is unescaped, so nobody has to agree on the order of members or on spaces.
 *
 * @param key the id of the key
 * @param nonce unique among the commands of some minutes
 * @param at when it was signed, in milliseconds since the epoch by Redis's clock
 * @param command JSON
 * @param signature in hexadecimal digits
 */
public record SignedCommand(String key, String nonce, long at, String command, String signature) {
    private static final JsonCodec JSON = JacksonJson.codec();
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNATURE = 64;

    /** Whether something can be the id of a key, or a nonce. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    public static SignedCommand sign(String channel, String key, byte[] secret, String nonce, long at, String command) {
        return new SignedCommand(
                key, nonce, at, command, HexFormat.of().formatHex(mac(channel, key, secret, nonce, at, command)));
    }

    /** Whether it was signed with a secret, for this channel. Takes as long whatever is wrong. */
    public boolean isSignedWith(byte[] secret, String channel) {
        return MessageDigest.isEqual(
                mac(channel, key, secret, nonce, at, command), HexFormat.of().parseHex(signature));
    }

    private static byte[] mac(String channel, String key, byte[] secret, String nonce, long at, String command) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            String text = String.join("\n", "realtime-admin-1", channel, key, nonce, Long.toString(at), command);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has " + ALGORITHM, e);
        }
    }

    /** Returns it as it is published. */
    public byte[] toJson() {
        EventData data = JSON.encode(null, List.of(this));
        return Arrays.copyOfRange(data.json(), 1, data.json().length - 1);
    }

    /** @throws DecodeException if it is no such message */
    public static SignedCommand parse(byte[] message) {
        SignedCommand parsed = (SignedCommand) JSON.decode(MessageText.of(message), List.of(), SignedCommand.class);
        if (parsed == null) {
            throw new DecodeException("null is no command");
        }
        if (!isName(parsed.key) || !isName(parsed.nonce)) {
            throw new DecodeException("the key and the nonce of a command are names");
        }
        if (parsed.signature.length() != SIGNATURE || !parsed.signature.chars().allMatch(HexFormat::isHexDigit)) {
            throw new DecodeException("the signature of a command has " + SIGNATURE + " hexadecimal digits");
        }
        return parsed;
    }

    /** Names it, without its signature and what it says. */
    @Override
    public String toString() {
        return "SignedCommand[" + key + ", " + nonce + "]";
    }
}
