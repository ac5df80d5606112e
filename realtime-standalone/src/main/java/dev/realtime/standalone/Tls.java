package dev.realtime.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The server's certificate and key in a key store file.
 *
 * @param keystore a PKCS #12 (or JKS) file
 * @param password of the store and of the key in it
 */
public record Tls(Path keystore, String password) {
    private static final String PEM = "-----BEGIN";
    private static final String CONVERT =
            "'openssl pkcs12 -export -in fullchain.pem -inkey privkey.pem -out keystore.p12'";

    public Tls {
        Objects.requireNonNull(keystore, "keystore");
        Objects.requireNonNull(password, "password");
    }

    /** Reads the file. */
    SSLContext context() {
        try (InputStream in = Files.newInputStream(keystore)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(in, password.toCharArray());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("tls: no such file: " + keystore, e);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "tls: cannot read " + keystore + " as a key store (PKCS #12 or JKS): "
                            + (isPem() ? "this is PEM; convert it with " + CONVERT : e.getMessage()),
                    e);
        }
    }

    private boolean isPem() {
        try (InputStream in = Files.newInputStream(keystore)) {
            return new String(in.readNBytes(PEM.length()), StandardCharsets.US_ASCII).equals(PEM);
        } catch (IOException e) {
            return false;
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "Tls[" + keystore + "]";
    }
}
