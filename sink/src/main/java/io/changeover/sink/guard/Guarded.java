package io.changeover.sink.guard;

import io.changeover.postgres.TableName;
import java.util.Optional;

/** Something of the target that would act on what is applied. */
interface Guarded {

    /** The table that it belongs to. */
    TableName table();

    /** How it is set aside. */
    SetAside aside(int targetMajor);

    /** Why our role cannot set it aside and put it back exactly, with what to do; empty if it can. */
    Optional<String> obstacle();
}
