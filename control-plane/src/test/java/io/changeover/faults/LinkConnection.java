package io.changeover.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection through a {@link Link}. */
final class LinkConnection {

    /** In the startup packet, or as the driver sets it. */
    private static final Pattern APPLICATION =
            Pattern.compile("application_name\0([^\0]+)\0|(?i:set application_name = )'([^']+)'");

    private static final int PIECE = 1 << 14;
    private static final long LONGER_MILLIS = 100;
    private static final long NARROW_BYTES_PER_MILLI = 64;

    private final Link link;
    private final Socket client;
    private final Socket server = new Socket();
    private volatile Optional<String> application = Optional.empty();
    private volatile boolean hasLost;

    LinkConnection(Link link, Socket client) {
        this.link = link;
        this.client = client;
    }

    void begin(InetSocketAddress to) {
        try {
            client.setTcpNoDelay(true);
            if (link.troubleOf(application) == Trouble.CUT) {
                reset();
                return;
            }
            server.connect(to);
            server.setTcpNoDelay(true);
            Link.thread("link-to-server", () -> carry(client, server, Moment.Side.CLIENT));
            Link.thread("link-to-client", () -> carry(server, client, Moment.Side.SERVER));
        } catch (IOException e) {
            reset();
        }
    }

    private void carry(Socket from, Socket to, Moment.Side side) {
        byte[] bytes = new byte[PIECE];
        SaidText said = SaidText.NOTHING;
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(bytes); length > 0; length = in.read(bytes)) {
                said = said.next(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
                if (side == Moment.Side.CLIENT) {
                    recognise(said);
                }
                link.said(side, application, said);
                if (passes()) {
                    out.write(bytes, 0, length);
                    out.flush();
                    delay(length);
                }
            }
            end(to);
        } catch (IOException e) {
            reset(); // the other direction, or the trouble, has ended it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void recognise(SaidText said) {
        Matcher name = APPLICATION.matcher(said.text());
        while (name.find()) {
            application = Optional.ofNullable(name.group(1)).or(() -> Optional.ofNullable(name.group(2)));
        }
    }

    /** Whether what was said goes on; waits as long as the link stands still. */
    private boolean passes() throws IOException, InterruptedException {
        link.awaitMotion(application);
        switch (link.troubleOf(application)) {
            case CUT -> throw new IOException("cut");
            case SWALLOWED -> {
                hasLost = true;
                return false;
            }
            case NONE, STALLED, HALF_CLOSED, SLOW, NARROW -> {
                if (hasLost) {
                    throw new IOException("something is missing");
                }
                return true;
            }
        }
        throw new IllegalStateException();
    }

    private void delay(int length) throws InterruptedException {
        Trouble trouble = link.troubleOf(application);
        if (trouble == Trouble.SLOW) {
            TimeUnit.MILLISECONDS.sleep(LONGER_MILLIS);
        } else if (trouble == Trouble.NARROW) {
            TimeUnit.MILLISECONDS.sleep(length / NARROW_BYTES_PER_MILLI);
        }
    }

    /** An end that was lost on the way is not seen on the other side. */
    private void end(Socket to) throws IOException, InterruptedException {
        if (passes()) {
            to.shutdownOutput();
            if (client.isOutputShutdown() && server.isOutputShutdown()) {
                reset();
            }
        }
    }

    /** The link is not what it was. */
    void troubled() {
        switch (link.troubleOf(application)) {
            case CUT -> reset();
            case HALF_CLOSED -> halfClose();
            case NONE -> {
                if (hasLost) {
                    reset();
                }
            }
            case STALLED, SWALLOWED, SLOW, NARROW -> {}
        }
    }

    private void halfClose() {
        try {
            server.shutdownOutput();
        } catch (IOException e) {
            reset();
        }
    }

    /** Both sides find the connection gone. */
    void reset() {
        link.ended(this);
        for (Socket socket : new Socket[] {client, server}) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                // it is gone already
            }
        }
    }
}
