package io.changeover.bench.apply;

import io.changeover.bench.Parts;
import io.changeover.bench.WorkerProcess;
import io.changeover.bench.capture.Beginning;
import io.changeover.bench.capture.CaptureSource;
import io.changeover.bench.capture.OursSide;
import io.changeover.bench.capture.Topics;
import io.changeover.connect.ConnectClient;
import io.changeover.postgres.ServerSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Our capture and our sink in a worker, from a copy of the slot to the target. */
final class OursPipeline implements ApplySide {

    private final CaptureSource source;
    private final Recording recording;
    private final WorkerProcess worker;
    private final String bootstrapServers;

    OursPipeline(CaptureSource source, Recording recording, WorkerProcess worker, String bootstrapServers) {
        this.source = source;
        this.recording = recording;
        this.worker = worker;
        this.bootstrapServers = bootstrapServers;
    }

    @Override
    public String name() {
        return "ours";
    }

    @Override
    public Running start(String run, ServerSettings target, Parts parts) throws Exception {
        Topics topics = parts.add(new Topics(bootstrapServers));
        topics.create(List.of(run));
        parts.add(() -> topics.delete(List.of(run)));
        source.copyBeginning(run);
        parts.add(() -> source.drop(run));
        ConnectClient connect = new ConnectClient(worker.url());
        TargetPosition position = parts.add(TargetPosition.ofStream(target, run, recording.timeline()));
        connect.createStopped(run, new OursSide().config(source.settings(), run, run));
        parts.add(() -> connect.delete(run));
        connect.setOffset(run, Map.of("server", run), recording.offset());
        String sink = run + "_sink";
        OursApply.beginAt(target, run, recording.timeline().beginning());
        connect.put(sink, OursApply.config(run, target));
        parts.add(() -> connect.delete(sink));
        connect.resume(run);
        return new Running(position, Optional.of(worker.handle()), () -> {
            Beginning.requireNotFailed(connect, run);
            Beginning.requireNotFailed(connect, sink);
        });
    }
}
