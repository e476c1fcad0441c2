package io.changeover.cli;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ed25519 signatures of a file's bytes, in a file beside it, as {@code openssl pkeyutl -rawin} makes them. */
final class ReportSignature {

    private static final String ALGORITHM = "Ed25519";
    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private ReportSignature() {}

    /** Where the signature of a file is. */
    static Path of(Path file) {
        return file.resolveSibling(file.getFileName() + ".sig");
    }

    /** The operator's key; a file that others can read is refused. */
    static PrivateKey privateKey(Path pem) {
        try {
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    && Files.getPosixFilePermissions(pem).stream().anyMatch(OTHERS::contains)) {
                throw new CommandFailed(
                        ExitCode.USAGE, "Others can read or write the key in " + pem + ": chmod 600 " + pem);
            }
            return KeyFactory.getInstance(ALGORITHM)
                    .generatePrivate(new PKCS8EncodedKeySpec(decoded(pem, "PRIVATE KEY")));
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.USAGE, "The key cannot be read: " + e);
        } catch (GeneralSecurityException e) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "There is no Ed25519 key without a password in " + pem
                            + ". openssl genpkey -algorithm ed25519 -out FILE makes one");
        }
    }

    private static PublicKey publicKey(Path pem) {
        try {
            return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(decoded(pem, "PUBLIC KEY")));
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.USAGE, "The key cannot be read: " + e);
        } catch (GeneralSecurityException e) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "There is no public Ed25519 key in " + pem
                            + ". openssl pkey -in PRIVATE -pubout -out FILE makes it of the private one");
        }
    }

    private static byte[] decoded(Path pem, String what) throws IOException {
        Matcher found = Pattern.compile("-----BEGIN " + what + "-----([A-Za-z0-9+/=\\s]+)-----END " + what + "-----")
                .matcher(Files.readString(pem));
        if (!found.find()) {
            throw new CommandFailed(ExitCode.USAGE, "There is no '" + what + "' in PEM form in " + pem);
        }
        return Base64.getMimeDecoder().decode(found.group(1));
    }

    /** The signature of these bytes. */
    static byte[] sign(byte[] bytes, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(bytes);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The report could not be signed", e);
        }
    }

    /** Whether the signature beside a file is that of its bytes by the owner of a key. */
    static boolean isValid(Path file, Path publicKey) {
        PublicKey key = publicKey(publicKey);
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(Files.readAllBytes(file));
            return signature.verify(Files.readAllBytes(of(file)));
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.USAGE, "The report or its signature cannot be read: " + e);
        } catch (SignatureException e) {
            return false; // not even the length is right
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The signature could not be checked", e);
        }
    }
}
