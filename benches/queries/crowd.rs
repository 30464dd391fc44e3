//! Many clients at once, and the memory that the service takes meanwhile.

use crate::client::Client;
use crate::cost::Memory;
use crate::peers::Peer;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const CLIENTS: usize = 64;
/// Between two looks at the memory, each of which costs the kernel a walk through all pages.
const LOOK: Duration = Duration::from_millis(500);

/// Each client asks one query after another, each beginning at a query of its own, for so long.
pub(crate) fn ask(peer: &Peer, texts: &[(String, String)], time: Duration) {
    let (done, answered, refused) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let mut peak = Memory::default();
    thread::scope(|scope| {
        for number in 0..CLIENTS {
            let (done, answered, refused) = (&done, &answered, &refused);
            scope.spawn(move || {
                let mut client = Client::new(peer.address, peer.path);
                for (_, text) in texts.iter().cycle().skip(number) {
                    match client.query(text) {
                        Ok(_) => answered.fetch_add(1, Ordering::Relaxed),
                        Err(_) => refused.fetch_add(1, Ordering::Relaxed),
                    };
                    if done.load(Ordering::Relaxed) {
                        break;
                    }
                }
            });
        }
        let begun = Instant::now();
        loop {
            let now = peer.memory();
            if now.all > peak.all {
                peak = now;
            }
            if begun.elapsed() >= time {
                break;
            }
            thread::sleep(LOOK);
        }
        done.store(true, Ordering::Relaxed);
    });
    println!(
        "{} under {CLIENTS} clients: at most {peak}; {} answers, {} refusals",
        peer.name,
        answered.into_inner(),
        refused.into_inner()
    );
}
