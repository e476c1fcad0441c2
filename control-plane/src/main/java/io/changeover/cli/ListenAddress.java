package io.changeover.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import picocli.CommandLine;

/** Reads {@code host:port}. */
class ListenAddress implements CommandLine.ITypeConverter<InetSocketAddress> {

    static final String DEFAULT = "127.0.0.1:8090";

    /** The same for commands that only this machine may talk to. */
    static final class OfThisMachine extends ListenAddress {
        @Override
        public InetSocketAddress convert(String text) {
            InetSocketAddress address = super.convert(text);
            try {
                if (InetAddress.getByName(address.getHostString()).isLoopbackAddress()) {
                    return address;
                }
            } catch (UnknownHostException e) {
                throw wrong();
            }
            throw new CommandLine.TypeConversionException(address.getHostString()
                    + " is not a loopback address: this command answers this machine only; changeover up has"
                    + " authentication and TLS for others");
        }
    }

    @Override
    public InetSocketAddress convert(String text) {
        int colon = text.lastIndexOf(':');
        try {
            String host = text.substring(0, Math.max(colon, 0)).replaceAll("^\\[|]$", "");
            int port = Integer.parseInt(text.substring(colon + 1));
            if (host.isEmpty() || port < 0 || port > 65_535) {
                throw wrong();
            }
            return InetSocketAddress.createUnresolved(host, port);
        } catch (NumberFormatException e) {
            throw wrong();
        }
    }

    private static CommandLine.TypeConversionException wrong() {
        return new CommandLine.TypeConversionException("must be host:port, for example " + DEFAULT);
    }
}
