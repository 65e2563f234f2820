//! What the relays of a world share: sessions in a Valkey of their own.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use techo_relay::{KeyRing, MemoryStore, Store, ValkeyAddress, ValkeyStore, Wake};
use techo_valkey_server::ValkeyServer;
use tokio::time::timeout;

/// Where no server is installed the tests say that they are skipped, and run on memory.
enum Kept {
    Valkey(Mutex<ValkeyServer>),
    Memory(Arc<MemoryStore>),
}

pub(crate) struct Shelf {
    kept: Kept,
    ring: KeyRing,
}

impl Shelf {
    pub(crate) fn new() -> Self {
        let kept = ValkeyServer::start().map_or_else(|| Kept::Memory(Arc::default()), |server| Kept::Valkey(Mutex::new(server)));
        Self { kept, ring: KeyRing::make().unwrap() }
    }

    /// A store for one relay, with a connection of its own, which hears what others write.
    pub(crate) async fn store(&self) -> Arc<dyn Store> {
        let address = match &self.kept {
            Kept::Valkey(server) => ValkeyAddress::new(&server.lock().unwrap().address(), None).unwrap(),
            Kept::Memory(store) => return Arc::<MemoryStore>::clone(store),
        };
        let store = ValkeyStore::new(&address, self.ring.clone());
        let mut wakes = store.wakes();
        assert_eq!(timeout(Duration::from_secs(30), wakes.recv()).await.unwrap(), Ok(Wake::All));
        Arc::new(store)
    }

    /// Does something to the server; none where there is no server.
    pub(crate) fn server<T>(&self, act: impl FnOnce(&mut ValkeyServer) -> T) -> Option<T> {
        match &self.kept {
            Kept::Valkey(server) => Some(act(&mut server.lock().unwrap())),
            Kept::Memory(_) => None,
        }
    }

    /// Every byte that is kept.
    pub(crate) fn dump(&self) -> Vec<u8> {
        match &self.kept {
            Kept::Valkey(server) => server.lock().unwrap().dump(),
            Kept::Memory(store) => store.dump(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        match &self.kept {
            Kept::Valkey(server) => server.lock().unwrap().command("DBSIZE").unwrap() == ":0",
            Kept::Memory(store) => store.dump().is_empty(),
        }
    }
}
