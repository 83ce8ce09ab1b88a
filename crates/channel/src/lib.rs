//! Identities, pinned thumbprints, and the mutually authenticated link.
