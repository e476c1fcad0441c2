package io.changeover.verify.live;

import io.changeover.verify.live.TableVerification.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks both sides for open keys: source, mark, target and source again. */
final class Round {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Sides sides;
    private final int most;

    /**
     * A round.
     *
     * @param most how many keys at once
     */
    Round(Sides sides, int most) {
        this.sides = sides;
        this.most = most;
    }

    private record Asked(ComparedTable shape, List<RowKey> keys) {}

    /**
     * Asks while changes flow.
     *
     * @return how many keys
     */
    int ask(Collection<TableTrack> tracks, Marks marks) throws SQLException, InterruptedException, Marks.NotPassed {
        Map<TableTrack, Asked> asked = take(tracks);
        try {
            if (asked.isEmpty()) {
                return 0;
            }
            Map<TableTrack, List<RowLook>> before = look(sides.source(), asked, true);
            marks.pass(PATIENCE);
            // one after the other: what commits after a look at the source may be on the target before a look at that
            Map<TableTrack, List<RowLook>> target = look(sides.target(), asked, false);
            Map<TableTrack, List<RowLook>> after = look(sides.source(), asked, true);
            Sides.Both<Map<TableTrack, List<RowLook>>> then = new Sides.Both<>(after, target);
            asked.forEach((track, each) -> answer(track, each, before, then));
            return asked.values().stream().mapToInt(each -> each.keys().size()).sum();
        } finally {
            asked.keySet().forEach(TableTrack::giveBack);
        }
    }

    /**
     * Asks once, while nothing changes on either side: what is not the same, differs.
     *
     * @return how many keys; 0 if none are left
     */
    int askStill(Collection<TableTrack> tracks) throws SQLException, InterruptedException {
        Map<TableTrack, Asked> asked = take(tracks);
        try {
            if (asked.isEmpty()) {
                return 0;
            }
            Sides.Both<Map<TableTrack, List<RowLook>>> now =
                    sides.both(from -> look(from, asked, true), to -> look(to, asked, false));
            asked.forEach((track, each) -> {
                boolean answered =
                        now.source().containsKey(track) && now.target().containsKey(track);
                for (int i = 0; answered && i < each.keys().size(); i++) {
                    RowLook source = at(now.source(), track, i);
                    RowLook target = at(now.target(), track, i);
                    boolean equal = source.mark().equals(target.mark());
                    track.answered(
                            each.keys().get(i), equal ? Judgement.EQUAL : Judgement.DIFFERENT, kind(source, target));
                }
            });
            return asked.values().stream().mapToInt(each -> each.keys().size()).sum();
        } finally {
            asked.keySet().forEach(TableTrack::giveBack);
        }
    }

    private Map<TableTrack, Asked> take(Collection<TableTrack> tracks) {
        Map<TableTrack, Asked> asked = new LinkedHashMap<>();
        int left = most;
        for (TableTrack track : tracks) {
            ComparedTable shape = track.shape().orElse(null);
            List<RowKey> keys = shape == null || left <= 0 ? List.of() : track.take(left);
            if (shape != null && !keys.isEmpty()) {
                asked.put(track, new Asked(shape, keys));
                left -= keys.size();
            }
        }
        return asked;
    }

    /** Of a table whose question is refused nothing is known any more; perhaps it was altered. */
    private static Map<TableTrack, List<RowLook>> look(
            Connection connection, Map<TableTrack, Asked> asked, boolean isSource) throws SQLException {
        Map<TableTrack, List<RowLook>> looks = new LinkedHashMap<>();
        for (Map.Entry<TableTrack, Asked> each : asked.entrySet()) {
            ComparedTable shape = each.getValue().shape();
            TableSql sql = isSource ? shape.source() : shape.target();
            try {
                looks.put(
                        each.getKey(),
                        new RowReader(connection, sql).look(each.getValue().keys()));
            } catch (SQLException e) {
                if (!String.valueOf(e.getSQLState()).startsWith("42")) {
                    throw e;
                }
                each.getKey().spoil("rows of it could not be asked for: " + e.getMessage());
            }
        }
        return looks;
    }

    private static void answer(
            TableTrack track,
            Asked asked,
            Map<TableTrack, List<RowLook>> before,
            Sides.Both<Map<TableTrack, List<RowLook>>> then) {
        if (!before.containsKey(track)
                || !then.source().containsKey(track)
                || !then.target().containsKey(track)) {
            return;
        }
        for (int i = 0; i < asked.keys().size(); i++) {
            RowLook source = at(then.source(), track, i);
            RowLook target = at(then.target(), track, i);
            track.answered(
                    asked.keys().get(i), Judgement.of(at(before, track, i), target, source), kind(source, target));
        }
    }

    private static RowLook at(Map<TableTrack, List<RowLook>> looks, TableTrack track, int index) {
        return looks.getOrDefault(track, List.of()).get(index);
    }

    private static Kind kind(RowLook source, RowLook target) {
        if (!target.isThere()) {
            return Kind.MISSING;
        }
        return source.isThere() ? Kind.CONTENTS : Kind.TOO_MANY;
    }
}
