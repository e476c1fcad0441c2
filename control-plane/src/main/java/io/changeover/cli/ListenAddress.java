package io.changeover.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import picocli.CommandLine;

/** Reads {@code host:port}. Only addresses of this machine: the API asks nobody who he is yet. */
final class ListenAddress implements CommandLine.ITypeConverter<InetSocketAddress> {

    static final String DEFAULT = "127.0.0.1:8090";

    @Override
    public InetSocketAddress convert(String text) {
        int colon = text.lastIndexOf(':');
        try {
            String host = text.substring(0, Math.max(colon, 0)).replaceAll("^\\[|]$", "");
            int port = Integer.parseInt(text.substring(colon + 1));
            if (host.isEmpty() || port < 0 || port > 65_535) {
                throw new CommandLine.TypeConversionException("must be host:port, for example " + DEFAULT);
            }
            if (!InetAddress.getByName(host).isLoopbackAddress()) {
                throw new CommandLine.TypeConversionException(
                        host + " is not a loopback address: without authentication the API answers this machine only");
            }
            return InetSocketAddress.createUnresolved(host, port);
        } catch (NumberFormatException | UnknownHostException e) {
            throw new CommandLine.TypeConversionException("must be host:port, for example " + DEFAULT);
        }
    }
}
