/** Who may ask the control plane for what, and how a request has to look: rules and credentials, nothing of HTTP. */
@NullMarked
package io.changeover.access;

import org.jspecify.annotations.NullMarked;
