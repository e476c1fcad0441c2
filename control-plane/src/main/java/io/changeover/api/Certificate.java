package io.changeover.api;

import io.changeover.access.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificate of a TLS port, read from its files at the start and whenever they have changed. */
final class Certificate extends SslContextFactory.Server {

    private static final Logger LOG = LoggerFactory.getLogger(Certificate.class);
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final PemFiles files;
    private final String password;
    private List<FileTime> seen;

    Certificate(PemFiles files) {
        this.files = files;
        seen = times();
        setIncludeProtocols("TLSv1.3", "TLSv1.2");
        // protects a key store that is nowhere but in memory
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        password = HexFormat.of().formatHex(random);
        setKeyStorePassword(password);
        setKeyStore(read());
    }

    private KeyStore read() {
        return files.read(password.toCharArray());
    }

    /** Looks at the files; those that cannot be used leave the certificate as it is. */
    synchronized void reloadIfChanged() {
        List<FileTime> now = times();
        if (now.equals(seen)) {
            return;
        }
        seen = now;
        try {
            KeyStore changed = read();
            reload(factory -> factory.setKeyStore(changed));
            LOG.info("The certificate in {} is read again", files.certificate());
        } catch (Exception e) {
            LOG.error("The certificate has changed and cannot be used; the one before is kept: {}", e.getMessage());
        }
    }

    private List<FileTime> times() {
        try {
            return List.of(Files.getLastModifiedTime(files.certificate()), Files.getLastModifiedTime(files.key()));
        } catch (IOException e) {
            // in the middle of an exchange: the next look finds them, and the start says what is missing
            return List.of();
        }
    }

    /** A part of the server that looks every few seconds while the server runs. */
    LifeCycle reloading() {
        return new Reloading();
    }

    private final class Reloading extends AbstractLifeCycle {

        private final Scheduler scheduler = new ScheduledExecutorScheduler("changeover-certificate", true);

        @Override
        protected void doStart() throws Exception {
            scheduler.start();
            again();
        }

        private void again() {
            scheduler.schedule(
                    () -> {
                        reloadIfChanged();
                        again();
                    },
                    EVERY.toMillis(),
                    TimeUnit.MILLISECONDS);
        }

        @Override
        protected void doStop() throws Exception {
            scheduler.stop();
        }
    }
}
