//! Synthetic people and documents for benchmarks and faults: as many as wanted, the same every time, nobody's.

pub mod filling;
pub mod mixed;
pub mod synthetic;
