package io.changeover.cli;

import io.changeover.access.Access;
import io.changeover.access.AuthenticationUnavailable;
import io.changeover.access.Authenticator;
import io.changeover.access.ListenRule;
import io.changeover.access.OidcTokens;
import io.changeover.access.PemFiles;
import io.changeover.access.RoleClaim;
import io.changeover.access.TokenFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where REST answers and to whom, for a control plane that runs as a service. */
final class AccessOptions {

    /** A certificate and its key: both or none. */
    static final class Tls {
        @Option(
                names = "--tls-cert",
                required = true,
                paramLabel = "FILE",
                description = "The certificate with its chain (PEM); it is read again when it changes.")
        Path certificate = Path.of("");

        @Option(
                names = "--tls-key",
                required = true,
                paramLabel = "FILE",
                description = "Its key (PEM, PKCS#8 without a password).")
        Path key = Path.of("");
    }

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = ListenAddress.DEFAULT,
            converter = ListenAddress.class,
            description = "Where REST answers (default: ${DEFAULT-VALUE}). An address that is not a loopback address"
                    + " needs authentication and TLS.")
    private InetSocketAddress listen = new InetSocketAddress(0);

    /** An OpenID provider: its address and whom its tokens are for belong together. */
    static final class Oidc {
        @Option(
                names = "--oidc-issuer",
                required = true,
                paramLabel = "URL",
                description = "An OpenID provider whose tokens are accepted; exactly as in its tokens.")
        URI issuer = URI.create("");

        @Option(
                names = "--oidc-audience",
                required = true,
                paramLabel = "NAME",
                description = "Whom its tokens have to be for (aud).")
        String audience = "";

        @Option(
                names = "--oidc-role-claim",
                defaultValue = "roles",
                paramLabel = "CLAIM",
                description = "Where its tokens say viewer, operator or approver; a dot goes into a claim (default:"
                        + " ${DEFAULT-VALUE}).")
        String claim = "roles";
    }

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description = "Who may ask for what: lines of changeover token new. Without it everybody on this machine"
                    + " may do everything.")
    private @Nullable Path tokens;

    @ArgGroup(exclusive = false)
    private @Nullable Oidc oidc;

    @ArgGroup(exclusive = false)
    private @Nullable Tls tls;

    @Option(
            names = "--plain-http",
            description = "No TLS on an address that is not a loopback address: something in front of it has it.")
    private boolean plain;

    @Option(
            names = "--allowed-hosts",
            paramLabel = "NAME",
            split = ",",
            description = "Names that it has besides its address, separated by commas.")
    private Set<String> hosts = new HashSet<>();

    InetSocketAddress listen() {
        return listen;
    }

    /** What the options say together; ends the command if they do not fit each other or a file cannot be used. */
    Access access() {
        List<Authenticator> authenticators = authenticators();
        Optional<String> problem =
                ListenRule.problem(listen.getHostString(), isLoopback(), !authenticators.isEmpty(), tls != null, plain);
        if (problem.isPresent()) {
            throw new CommandFailed(ExitCode.USAGE, "--listen: " + problem.get());
        }
        return new Access(authenticators, hosts, Optional.ofNullable(tls).map(AccessOptions::pem));
    }

    /** Read once, so that what is wrong with them is told now. */
    private static PemFiles pem(Tls given) {
        PemFiles files = new PemFiles(given.certificate, given.key);
        try {
            files.read(new char[0]);
            return files;
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private List<Authenticator> authenticators() {
        List<Authenticator> known = new ArrayList<>();
        tokens(tokens).ifPresent(known::add);
        if (oidc != null) {
            known.add(provider(oidc));
        }
        return known;
    }

    private static Authenticator provider(Oidc given) {
        if (!OidcTokens.allowed(given.issuer)) {
            throw new CommandFailed(ExitCode.USAGE, "--oidc-issuer must be an https address");
        }
        return new OidcTokens(given.issuer, given.audience, new RoleClaim(given.claim));
    }

    /** The file of tokens, which has to be usable. */
    static Optional<Authenticator> tokens(@Nullable Path file) {
        try {
            return Optional.ofNullable(file).map(TokenFile::open);
        } catch (AuthenticationUnavailable e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private boolean isLoopback() {
        try {
            return InetAddress.getByName(listen.getHostString()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new CommandFailed(ExitCode.USAGE, "--listen: there is no host " + listen.getHostString());
        }
    }
}
