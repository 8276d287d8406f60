//! Where hosts are. Each is looked up once, however many connections are opened to it at the same moment.
//!
//! The system's resolver blocks a thread for each question, and where a packet is lost it waits for five seconds before
//! it asks again. So the answer is shared, and a question that is open for long is asked once more beside it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::OnceCell;

/// After which time a lookup is asked once more.
const SECOND_LOOKUP: Duration = Duration::from_millis(300);

/// Addresses of hosts by name.
#[derive(Default)]
pub(super) struct Hosts {
    known: Mutex<BTreeMap<String, Arc<OnceCell<Vec<SocketAddr>>>>>,
}

impl Resolve for Hosts {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let cell = Arc::clone(known.entry(host.clone()).or_default());
        drop(known);
        Box::pin(async move {
            // A failure is not kept: the next try asks again.
            let addresses = cell.get_or_try_init(|| look_up(&host)).await?.clone();
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}

async fn look_up(host: &str) -> std::io::Result<Vec<SocketAddr>> {
    let second = async {
        tokio::time::sleep(SECOND_LOOKUP).await;
        tokio::net::lookup_host((host, 0)).await.map(Vec::from_iter)
    };
    tokio::select! {
        found = tokio::net::lookup_host((host, 0)) => Ok(found?.collect()),
        found = second => found,
    }
}
