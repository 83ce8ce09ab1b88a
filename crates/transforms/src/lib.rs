//! Configuration transforms: text in, text out.
