//! Self-measured series from the file to the screen: Apple Health, tables by a mapping, Health Connect; filed, shown by
//! days, archived, restored, merged, erased, read again. Fixtures are written here, in the shape the programs write.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod apple;
mod fixtures;
mod hostile;
mod leaving;
mod notebook;
mod tables;
