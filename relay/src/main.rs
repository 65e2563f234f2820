//! `techo-relay`: runs a relay.

fn main() {}
