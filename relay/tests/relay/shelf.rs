//! What the relays of a world share: sessions in memory. `tests/valkey` has another one, for the same tests.

use std::sync::Arc;

use techo_relay::{MemoryStore, Store};

#[derive(Default)]
pub(crate) struct Shelf(Arc<MemoryStore>);

impl Shelf {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A store for one relay.
    pub(crate) async fn store(&self) -> Arc<dyn Store> {
        std::future::ready(Arc::<MemoryStore>::clone(&self.0)).await
    }

    /// Every byte that is kept.
    pub(crate) fn dump(&self) -> Vec<u8> {
        self.0.dump()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.dump().is_empty()
    }
}
