//! The on-disk contract between Tentacle and Suction Cup.
