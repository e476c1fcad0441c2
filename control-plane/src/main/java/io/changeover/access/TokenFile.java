package io.changeover.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The file of tokens. It is read for every request, so that whoever is added or removed is so at once; a file that has
 * become unusable lets nobody in.
 */
public final class TokenFile implements Authenticator {

    /** Who could add himself, and who could see more than he has to. The group may read, as in a mounted secret. */
    private static final Set<PosixFilePermission> FORBIDDEN = EnumSet.of(
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private final Path file;

    private TokenFile(Path file) {
        this.file = file;
    }

    /** The file, not read yet. */
    public static TokenFile at(Path file) {
        return new TokenFile(file);
    }

    /**
     * The file, read once; it has to hold a token.
     *
     * @throws AuthenticationUnavailable if it cannot be used
     */
    public static TokenFile open(Path file) {
        TokenFile opened = at(file);
        if (opened.lines().isEmpty()) {
            throw new AuthenticationUnavailable("The token file " + file
                    + " holds no token: changeover token new NAME --role ROLE --file " + file + " makes one");
        }
        return opened;
    }

    @Override
    public Optional<Caller> caller(String token) {
        TokenDigest digest = TokenDigest.of(token);
        Optional<Caller> found = Optional.empty();
        for (TokenLine line : lines()) {
            // all of them, whichever it is: how long it takes tells nothing
            if (line.digest().matches(digest)) {
                found = Optional.of(line.caller());
            }
        }
        return found;
    }

    /** What is in it. */
    public List<TokenLine> lines() {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.stream().anyMatch(FORBIDDEN::contains)) {
                throw new AuthenticationUnavailable("The token file " + file + " has the mode "
                        + PosixFilePermissions.toString(permissions)
                        + ": others may neither read nor write it. chmod 600 " + file);
            }
            return TokenLine.parse(Files.readAllLines(file));
        } catch (IOException | UnsupportedOperationException e) {
            throw new AuthenticationUnavailable("The token file " + file + " cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new AuthenticationUnavailable("The token file " + file + " is not valid, " + e.getMessage(), e);
        }
    }
}
