//! One generation gives way to the next while requests go on.

use super::{Site, graph, publish};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

fn number(site: &Site) -> String {
    site.get("/health/ready").text()
}

fn wait_for(site: &Site, wanted: &str) {
    let begun = Instant::now();
    while !number(site).contains(wanted) {
        assert!(begun.elapsed() < Duration::from_secs(20), "{wanted} is not served");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn the_next_generation_takes_its_place_without_a_failed_request() {
    let site = Site::new();
    let tag = site.get("/").header("etag").to_owned();
    let stop = Arc::new(AtomicBool::new(false));
    let asking: Vec<_> = (0..2)
        .map(|_| {
            let (stop, address) = (Arc::clone(&stop), site.address);
            std::thread::spawn(move || {
                let mut answers = 0;
                while !stop.load(Ordering::Relaxed) {
                    let answer = super::client::ask(address, "GET", "/data/art/A%2F1%202.nt", &[], "");
                    assert_eq!((answer.status, answer.whole), (200, true));
                    answers += 1;
                }
                answers
            })
        })
        .collect();
    publish(site.home.path(), 2, &graph());
    wait_for(&site, "generation 2");
    stop.store(true, Ordering::Relaxed);
    assert!(asking.into_iter().map(|thread| thread.join().unwrap()).sum::<usize>() > 10);
    let next = site.ask("GET", "/", &[("If-None-Match", &tag)], "");
    assert_eq!(next.status, 200, "the tag of another generation is not held any more");
    assert!(next.header("etag").starts_with("W/\"g2-"), "{next:?}");
}

#[test]
fn a_damaged_generation_does_not_take_the_place_of_a_whole_one() {
    let site = Site::new();
    publish(site.home.path(), 2, &graph());
    let store = site.home.path().join("generations/2/store");
    wait_for(&site, "generation 2");
    std::fs::create_dir_all(site.home.path().join("generations/3")).unwrap();
    let link = site.home.path().join("generations/current");
    std::fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("3", &link).unwrap();
    std::thread::sleep(Duration::from_millis(1_500));
    assert!(store.exists() && number(&site).contains("generation 2"));
    assert_eq!(site.get("/page/art/A%2F1%202").status, 200);
}
