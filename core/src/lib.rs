//! Techo core.
