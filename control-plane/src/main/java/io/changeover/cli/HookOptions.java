package io.changeover.cli;

import io.changeover.hook.HookScope;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which hooks may be run. */
final class HookOptions {

    @Option(
            names = "--hook-paths",
            paramLabel = "DIR",
            split = ",",
            description = "Directories with programs that hooks may run, separated by commas.")
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = "--hook-urls",
            paramLabel = "URL",
            split = ",",
            description = "Beginnings of URLs that hooks may tell, separated by commas.")
    private List<URI> urls = new ArrayList<>();

    /** What is said; nothing by itself. */
    HookScope scope() {
        for (URI url : urls) {
            if (url.getHost() == null || url.getScheme() == null || url.getRawUserInfo() != null) {
                throw new CommandFailed(
                        ExitCode.USAGE, "--hook-urls: " + url.getHost() + " is no URL such as https://host/path/");
            }
        }
        return HookScope.of(paths, urls.stream().map(URI::toString).toList());
    }
}
