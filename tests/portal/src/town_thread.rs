//! A town for those who block: it runs on threads of its own, so that a courier that blocks, or a test that waits for
//! another process, does not stand in its way. Not to be used within a runtime of tokio.

use std::net::SocketAddr;

use techo_protocol::profile::Profile;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::{
    chromium::Chromium,
    citizen::{Arrival, Citizen, Visit},
    clock::Clock,
    error::StandInError,
    journal::Journal,
    orders::Orders,
    stand_in::StandIn,
    town::{Plan, Town},
};

/// A town with its own runtime. Ends when dropped.
#[derive(Debug)]
pub struct TownThread {
    // Before the runtime: its tasks end by being dropped inside of it.
    town: Option<Town>,
    runtime: Option<Runtime>,
}

/// Headless Chromium for those who block. Not to be used after its town has ended.
#[derive(Debug)]
pub struct Browser {
    chromium: Chromium,
    runtime: Handle,
}

impl Browser {
    /// Opens `address` and does what `visit` says; `seen` is shown a picture of each page. See [`Chromium::visit`].
    pub fn visit(&self, address: &str, visit: &Visit, seen: impl FnMut(&str, Vec<u8>)) -> Result<Arrival, StandInError> {
        self.runtime.block_on(self.chromium.visit(address, visit, seen))
    }
}

impl TownThread {
    /// Starts a town.
    pub fn start(plan: Plan) -> Result<Self, StandInError> {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().thread_name("town").build()?;
        let town = runtime.block_on(Town::start(plan))?;
        Ok(Self { town: Some(town), runtime: Some(runtime) })
    }

    fn parts(&self) -> Result<(&Runtime, &Town), StandInError> {
        self.runtime.as_ref().zip(self.town.as_ref()).ok_or(StandInError::Ended)
    }

    fn parts_mut(&mut self) -> Result<(&Runtime, &mut Town), StandInError> {
        self.runtime.as_ref().zip(self.town.as_mut()).ok_or(StandInError::Ended)
    }

    /// See [`Town`].
    pub fn town(&self) -> Result<&Town, StandInError> {
        Ok(self.parts()?.1)
    }

    /// See [`Town::profile`].
    pub fn profile(&self) -> Result<Profile, StandInError> {
        self.town()?.profile()
    }

    /// See [`Town::profile_text`].
    pub fn profile_text(&self) -> Result<String, StandInError> {
        self.town()?.profile_text()
    }

    /// See [`Town::stand_in`].
    pub fn stand_in(&self) -> Result<&StandIn, StandInError> {
        Ok(self.town()?.stand_in())
    }

    /// The faults that are ordered.
    pub fn orders(&self) -> Result<&Orders, StandInError> {
        Ok(self.town()?.orders())
    }

    /// What happened at the stand-in.
    pub fn journal(&self) -> Result<&Journal, StandInError> {
        Ok(self.town()?.journal())
    }

    /// The town's clock.
    pub fn clock(&self) -> Result<&Clock, StandInError> {
        Ok(self.town()?.clock())
    }

    /// See [`Town::admin`].
    pub fn admin(&self, number: usize) -> Option<SocketAddr> {
        self.town.as_ref()?.admin(number)
    }

    /// A browser with its own cookies.
    pub fn citizen(&self) -> Result<Citizen, StandInError> {
        self.town()?.citizen()
    }

    /// Opens `address` in a new browser and does what `visit` says. Blocks until the browser has arrived: whoever listens
    /// at the app's loopback port must do so on another thread.
    pub fn visit(&self, address: &str, visit: &Visit) -> Result<Arrival, StandInError> {
        let (runtime, town) = self.parts()?;
        let citizen = town.citizen()?;
        runtime.block_on(citizen.visit(address, visit))
    }

    /// The same in the background: returns at once. Join the handle to hear what came of it.
    pub fn visit_beside(
        &self,
        address: &str,
        visit: &Visit,
    ) -> Result<std::thread::JoinHandle<Result<Arrival, StandInError>>, StandInError> {
        let (runtime, town) = self.parts()?;
        let (citizen, handle) = (town.citizen()?, runtime.handle().clone());
        let (address, visit) = (address.to_owned(), visit.clone());
        Ok(std::thread::spawn(move || handle.block_on(citizen.visit(&address, &visit))))
    }

    /// A real browser. Ask [`crate::is_browser_to_be_had`] first.
    pub fn browser(&self) -> Result<Browser, StandInError> {
        let (runtime, town) = self.parts()?;
        let chromium = runtime.block_on(Chromium::start(&town.spki_digests()))?;
        Ok(Browser { chromium, runtime: runtime.handle().clone() })
    }

    /// See [`Town::start_relay`].
    pub fn start_relay(&mut self, number: usize) -> Result<(), StandInError> {
        let (runtime, town) = self.parts_mut()?;
        runtime.block_on(town.start_relay(number))
    }

    /// See [`Town::stop_relay`].
    pub fn stop_relay(&mut self, number: usize) -> Result<(), StandInError> {
        let (runtime, town) = self.parts_mut()?;
        runtime.block_on(town.stop_relay(number));
        Ok(())
    }

    /// See [`Town::kill_relay`].
    pub fn kill_relay(&mut self, number: usize) -> Result<(), StandInError> {
        let (runtime, town) = self.parts_mut()?;
        let _inside = runtime.enter();
        town.kill_relay(number);
        Ok(())
    }

    /// See [`Town::restart_relay`].
    pub fn restart_relay(&mut self) -> Result<(), StandInError> {
        let (runtime, town) = self.parts_mut()?;
        runtime.block_on(town.restart_relay())
    }

    /// See [`Town::second_relay`].
    pub fn second_relay(&mut self) -> Result<usize, StandInError> {
        let (runtime, town) = self.parts_mut()?;
        runtime.block_on(town.second_relay())
    }

    /// See [`Town::stop`].
    pub fn stop(mut self) {
        if let Some((runtime, town)) = self.runtime.as_ref().zip(self.town.take()) {
            runtime.block_on(town.stop());
        }
    }
}

impl Drop for TownThread {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            let inside = runtime.enter();
            drop(self.town.take());
            drop(inside);
            runtime.shutdown_background();
        }
    }
}
