package io.changeover.verify.live;

import io.changeover.migration.NotLeading;
import io.changeover.migration.VerificationChange;
import io.changeover.migration.VerificationResult;

/** Where what a verification finds outlives its process. */
public interface Memory {

    /** Nothing is remembered. */
    Memory NONE = new Memory() {
        @Override
        public VerificationResult remembered() {
            return VerificationResult.NONE;
        }

        @Override
        public void keep(VerificationChange change) {
            // nobody asks for it
        }
    };

    /** What is stored now. */
    VerificationResult remembered();

    /**
     * Stores all of it, or nothing.
     *
     * @throws NotLeading if another control plane stores what it finds
     */
    void keep(VerificationChange change);
}
