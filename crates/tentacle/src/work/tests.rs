//! Tickets over restarts.
