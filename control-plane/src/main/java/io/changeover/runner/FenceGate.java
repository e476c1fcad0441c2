package io.changeover.runner;

import io.changeover.spec.VerificationMode;
import io.changeover.verify.live.AtFence;
import io.changeover.verify.live.Verification;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the verification says before a cutover and at the fence, and what becomes of it.
 *
 * @param verification of the pair
 * @param mode what the migration wants now
 */
record FenceGate(Verification verification, Supplier<VerificationMode> mode)
        implements io.changeover.cutover.Verification {

    /** SQLSTATE of a statement that took longer than it may: then the time of the freeze is over. */
    private static final String CANCELED = "57014";

    private static final Logger LOG = LoggerFactory.getLogger(FenceGate.class);

    @Override
    public List<String> problems() {
        return verification.problems();
    }

    @Override
    public List<String> rest(Connection source, Connection target, Duration time) throws SQLException {
        return rest(verification::atFence, mode.get(), time);
    }

    /** What is asked at the fence. */
    @FunctionalInterface
    interface Question {
        AtFence ask(Duration time) throws SQLException, InterruptedException;
    }

    static List<String> rest(Question question, VerificationMode wanted, Duration time) throws SQLException {
        if (wanted == VerificationMode.OFF) {
            return List.of();
        }
        try {
            return judge(question.ask(time), wanted);
        } catch (SQLException e) {
            if (!CANCELED.equals(e.getSQLState())) {
                throw e;
            }
            LOG.info("The verification at the fence was not finished in {} ms", time.toMillis(), e);
            return List.of("CO-2087: the verification was not finished at the fence: rows could not be read in "
                    + time.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of("The verification at the fence was interrupted");
        }
    }

    /** What is not finished is left to the comparison after the cutover, unless the verification is required. */
    static List<String> judge(AtFence found, VerificationMode mode) {
        List<String> problems = new ArrayList<>();
        found.differences().forEach(each -> problems.add("At the fence: " + each));
        if (!found.unfinished().isEmpty() && mode == VerificationMode.REQUIRED) {
            problems.add("CO-2087: the verification was not finished at the fence: "
                    + String.join("; ", found.unfinished()));
        }
        LOG.info("{} rows that had changed were compared at the fence {}", found.rows(), found.unfinished());
        return problems;
    }
}
