//! Hostile queries, hostile clients, and a bystander, against the real server with its worker processes.
//!
//! `tests/hostile/queries/expected.tsv` says what may become of each query. The short form runs with every test; the
//! long one, `make hostile`, with the limits of a real service and 63 abusers for a minute.
#![expect(clippy::print_stdout, reason = "figures are for reading")]

mod wire;

use crate::command::root;
use crate::server::{self, Home};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use wire::{Answer, get, send, send_to};

const JSON: &str = "application/sparql-results+json";
/// Rows or statements without end.
const FLOOD: &str = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 3000000";
const GRAPH_FLOOD: &str = "CONSTRUCT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f } LIMIT 1000000";

/// One test at a time: they measure, and they fill all places.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A server with limits of its own over the demo's generation.
struct Site {
    /// Ends with the site.
    _server: server::Server,
    home: Home,
    address: String,
    private: String,
    seconds: u64,
    /// Mebibytes that a worker may take.
    memory: u64,
}

impl Site {
    fn new(seconds: u64, memory: u64, more: &str) -> Self {
        Self::with_places(3, seconds, memory, more)
    }

    fn with_places(workers: usize, seconds: u64, memory: u64, more: &str) -> Self {
        let (demo, _) = server::demo();
        let private = server::free_address();
        let settings = format!(
            "[serve]\nprivate = \"{private}\"\nproxies = [\"127.0.0.1\"]\nworkers = {workers}\n{more}\n\
             seconds = {seconds}\nmemory = {memory}\n"
        );
        let home = demo.beside(&settings);
        let server = home.serve();
        let address = home.address.clone();
        Self { _server: server, home, address, private, seconds, memory }
    }

    fn ask(&self, from: &str, query: &str) -> Answer {
        send(&self.address, from, "*/*", query).answer()
    }

    /// The running queries.
    fn running(&self) -> Vec<Value> {
        let answer = get(&self.private, "/queries", "");
        let list: Value = serde_json::from_slice(&answer.body).unwrap();
        list["queries"].as_array().unwrap().clone()
    }

    /// The process that a query runs in.
    fn process(&self, id: &str) -> u64 {
        let running = self.running();
        let entry = running.iter().find(|query| query["id"] == id);
        entry.and_then(|query| query["process"].as_u64()).unwrap_or_else(|| panic!("{id}: {running:?}"))
    }
}

/// A site for all tests whose clients have large budgets.
fn generous() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| {
        Site::new(
            2,
            384,
            "[serve.limits]\nengine_burst = 100000\nparallel = 40\nqueue = 64\nconnections = 5000",
        )
    })
}

/// The most private memory that any worker was seen with, in mebibytes.
fn watch_memory(stop: Arc<AtomicBool>) -> std::thread::JoinHandle<u64> {
    std::thread::spawn(move || {
        let mut most = 0;
        while !stop.load(Ordering::Relaxed) {
            for process in fs::read_dir("/proc").unwrap().flatten() {
                let path = process.path();
                let is_worker = fs::read(path.join("cmdline"))
                    .is_ok_and(|line| line.windows(12).any(|window| window == b"query-worker"));
                let Ok(status) = fs::read_to_string(path.join("status")) else { continue };
                let anonymous = status
                    .lines()
                    .find_map(|line| line.strip_prefix("RssAnon:"))
                    .and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok());
                if is_worker {
                    most = most.max(anonymous.unwrap_or(0) >> 10);
                }
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        most
    })
}

/// Somebody who asks small questions all the time.
struct Bystander {
    stop: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<Vec<Duration>>,
}

impl Bystander {
    fn start(site: &Site, what: impl Fn(&str) -> Answer + Send + 'static) -> Self {
        let (stop, address) = (Arc::new(AtomicBool::new(false)), site.address.clone());
        let thread = std::thread::spawn({
            let stop = Arc::clone(&stop);
            move || {
                let mut times = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    let answer = what(&address);
                    assert!(answer.status == 200 && answer.whole, "a bystander met {answer:?}");
                    times.push(answer.took);
                    std::thread::sleep(Duration::from_millis(10));
                }
                times
            }
        });
        Self { stop, thread }
    }

    /// How many answers there were, the median and the slowest of a hundred.
    fn end(self) -> String {
        self.stop.store(true, Ordering::Relaxed);
        let mut times = self.thread.join().unwrap();
        times.sort();
        assert!(!times.is_empty());
        let at = |share: usize| times[(times.len() - 1) * share / 100];
        format!("{} answers, median {:?}, p99 {:?}", times.len(), at(50), at(99))
    }
}

fn reads_a_page(address: &str) -> Answer {
    get(address, "/browse/place", "198.51.100.77")
}

fn asks_a_query(address: &str) -> Answer {
    // Each time another one, so that nothing is kept.
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let query = format!("SELECT ?p ?o {{ <http://example.org/{number}> ?p ?o }}");
    send(address, "198.51.100.78", JSON, &query).answer()
}

/// Whether this is the long form, on a machine that does nothing else.
fn long() -> bool {
    std::env::var_os("AARRE_HOSTILE").is_some()
}

/// How much later than it should something may be: what the design says in the long form. The short one runs beside
/// everything else, where only that it ends is known.
fn grace(design: u64) -> Duration {
    if long() { Duration::from_millis(design) } else { Duration::from_secs(30) }
}

fn table() -> Vec<(String, Vec<String>)> {
    let folder = root().join("tests/hostile/queries");
    let text = fs::read_to_string(folder.join("expected.tsv")).unwrap();
    let rows: Vec<_> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 3, "{line}");
            (cells[0].to_owned(), cells[1].split('|').map(str::to_owned).collect())
        })
        .collect();
    let mut files: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "expected.tsv")
        .collect();
    files.sort();
    assert_eq!(
        files,
        rows.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(),
        "each query has its row"
    );
    assert!(rows.len() >= 60);
    rows
}

/// Asks all queries of the table, a few at a time, and gives what is wrong.
fn ask_all(site: &Site, clients: usize) -> (Vec<String>, BTreeMap<String, usize>) {
    let (rows, next) = (table(), AtomicUsize::new(0));
    let (faults, met) = (Mutex::new(Vec::new()), Mutex::new(BTreeMap::new()));
    std::thread::scope(|scope| {
        for _ in 0..clients {
            scope.spawn(|| {
                while let Some((name, expected)) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let text = fs::read_to_string(root().join("tests/hostile/queries").join(name)).unwrap();
                    let answer = site.ask("203.0.113.5", &text);
                    let (word, took) = (answer.word(), answer.took);
                    *met.lock().unwrap().entry(word.clone()).or_insert(0) += 1;
                    println!("{name}\t{word}\t{took:?}\t{} bytes", answer.bytes);
                    let mut faults = faults.lock().unwrap();
                    if !expected.contains(&word) {
                        let said =
                            String::from_utf8_lossy(&answer.body[..answer.body.len().min(200)]).into_owned();
                        faults.push(format!("{name}: {word}, expected {expected:?}: {said}"));
                    }
                    if took > Duration::from_secs(site.seconds) + grace(500) {
                        faults.push(format!("{name}: {word} after {took:?}"));
                    }
                    if word == "400" && took > grace(1_000) {
                        faults.push(format!("{name}: refused only after {took:?}"));
                    }
                    let is_problem = answer.header("content-type") == "application/problem+json";
                    if answer.status != 200 && (!is_problem || answer.header("aarre-query").is_empty()) {
                        faults.push(format!("{name}: {word} without a problem"));
                    }
                }
            });
        }
    });
    (faults.into_inner().unwrap(), met.into_inner().unwrap())
}

#[test]
fn each_hostile_query_ends_in_time_and_a_bystander_does_not_notice() {
    let _alone = alone();
    let site = generous();
    let stop = Arc::new(AtomicBool::new(false));
    let memory = watch_memory(Arc::clone(&stop));
    let reader = Bystander::start(site, reads_a_page);
    let asker = Bystander::start(site, asks_a_query);
    let (faults, met) = ask_all(site, 2);
    println!("hostile queries: {met:?}");
    println!("bystander, pages: {}", reader.end());
    println!("bystander, queries: {}", asker.end());
    stop.store(true, Ordering::Relaxed);
    let most = memory.join().unwrap();
    println!("the largest worker: {most} MiB of {}", site.memory);
    assert!(most > 0 && most <= site.memory, "a worker took {most} MiB");
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn nesting_of_any_depth_is_refused_at_once() {
    let _alone = alone();
    let site = generous();
    let mut slowest = Duration::ZERO;
    for open in ["{", "(", "[", "<<(", "{ ?s ?p ?o OPTIONAL ", "FILTER(", "!", "\"\\", "<", "?a <", "ASK {"] {
        for depth in [1_000, 10_000, 1_000_000] {
            // A body of more than a mebibyte is another matter.
            let query = format!("ASK {{ {}", open.repeat(depth.min(1_000_000 / open.len())));
            let answer = site.ask("203.0.113.6", &query);
            assert_eq!(answer.status, 400, "{open} × {depth}");
            slowest = slowest.max(answer.took);
        }
    }
    println!("nesting of any depth is refused after {slowest:?} at most");
    assert!(slowest < grace(500), "{slowest:?}");
}

#[test]
fn a_worker_that_is_killed_breaks_the_transfer_in_every_format() {
    let _alone = alone();
    let site = Site::with_places(2, 30, 384, "[serve.limits]\nconnections = 5000");
    for (accept, query) in [
        (JSON, FLOOD),
        ("application/sparql-results+xml", FLOOD),
        ("text/csv", FLOOD),
        ("text/tab-separated-values", FLOOD),
        ("text/turtle", GRAPH_FLOOD),
        ("application/n-triples", GRAPH_FLOOD),
        ("application/rdf+xml", GRAPH_FLOOD),
    ] {
        let mut asked = send(&site.address, "203.0.113.7", accept, query);
        asked.read_some(1_200_000);
        let process = site.process(&asked.header("aarre-query"));
        assert!(
            std::process::Command::new("kill").args(["-9", &process.to_string()]).status().unwrap().success()
        );
        let answer = asked.answer();
        assert_eq!((answer.status, answer.whole), (200, false), "{accept}: {} bytes", answer.bytes);
        assert!(answer.took < Duration::from_secs(25), "{accept}: the kill ends it, not the deadline");
        let begun = Instant::now();
        assert_eq!(asks_a_query(&site.address).status, 200);
        println!(
            "{accept}: broken after {} bytes; the next answer after {:?}",
            answer.bytes,
            begun.elapsed()
        );
    }
}

#[test]
fn the_operator_sees_and_stops_a_query() {
    let _alone = alone();
    let site = Site::with_places(2, 20, 384, "[serve.limits]\nconnections = 5000");
    let mut asked = send(&site.address, "203.0.113.8", "text/csv", FLOOD);
    asked.read_some(1_200_000);
    let id = asked.header("aarre-query");
    let entry = site.running().into_iter().find(|query| query["id"] == id.as_str()).unwrap();
    assert_eq!(entry["client"], "203.0.113.8", "{entry}");
    assert!(entry["bytes"].as_u64() > Some(1 << 20) && entry["query"] == FLOOD, "{entry}");
    let shown = site.home.aarre(&["top", "--once"]);
    assert!(shown.out.contains(&id) && shown.out.contains("203.0.113.8"), "{shown:?}");
    assert_eq!(site.home.aarre(&["top", "--cancel", "nothing"]).code, 1);
    let stopped = site.home.aarre(&["top", "--cancel", &id]);
    assert_eq!(stopped.code, 0, "{stopped:?}");
    let answer = asked.answer();
    assert!(!answer.whole && answer.took < Duration::from_secs(15), "{:?}", answer.took);
    assert!(site.running().iter().all(|query| query["id"] != id.as_str()));
}

#[test]
fn who_does_not_read_or_leaves_holds_nobody_up() {
    let _alone = alone();
    let site = generous();
    // They read nothing: the deadline covers the sending.
    let idle: Vec<_> = (0..3).map(|_| send(&site.address, "203.0.113.9", "text/csv", FLOOD)).collect();
    // They leave: their queries end at once.
    std::thread::sleep(Duration::from_millis(300));
    let left: Vec<_> = (0..3).map(|_| send(&site.address, "203.0.113.10", JSON, FLOOD)).collect();
    drop(left);
    std::thread::sleep(Duration::from_secs(site.seconds + 1));
    let mine = ["203.0.113.9", "203.0.113.10"];
    let running = site.running();
    assert!(!running.iter().any(|query| mine.contains(&query["client"].as_str().unwrap())), "{running:?}");
    assert_eq!(asks_a_query(&site.address).status, 200);
    drop(idle);
}

#[test]
fn connections_that_trickle_are_no_burden() {
    let _alone = alone();
    let site = generous();
    let slow: Vec<TcpStream> = (0..300)
        .map(|_| {
            let mut stream = TcpStream::connect(&site.address).unwrap();
            stream.write_all(b"GET / HT").unwrap();
            stream
        })
        .collect();
    let times: Vec<Duration> = (0..50).map(|_| reads_a_page(&site.address).took).collect();
    println!("beside {} slow connections: at most {:?}", slow.len(), times.iter().max().unwrap());
}

#[test]
fn a_thousand_equal_queries_are_one_evaluation() {
    let _alone = alone();
    // There is one place, no queue, and one query a client: a second evaluation would be refused.
    let site = Site::with_places(1, 20, 384, "[serve.limits]\nparallel = 1\nqueue = 0\nconnections = 5000");
    let query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c FILTER(REGEX(STR(?c), \"a.*e.*i.*o.*u\", \"i\")) }";
    let asked: Vec<_> = (0..1_000).map(|_| send(&site.address, "203.0.113.11", JSON, query)).collect();
    let mut bodies: Vec<_> = asked
        .into_iter()
        .map(|asked| {
            let answer = asked.answer();
            assert_eq!((answer.status, answer.whole), (200, true), "{answer:?}");
            answer.body
        })
        .collect();
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
}

#[test]
fn a_budget_is_kept_for_each_client() {
    let _alone = alone();
    let site = Site::new(2, 384, "[serve.limits]\nengine_burst = 3\nengine_seconds = 3\nparallel = 2");
    let abuser = "2001:db8:1:2::1";
    // Two questions: the same one asked twice is one evaluation.
    let floods = ["2999998", "2999999"].map(|limit| FLOOD.replace("3000000", limit));
    let both: Vec<_> = floods.iter().map(|flood| send(&site.address, abuser, JSON, flood)).collect();
    std::thread::sleep(Duration::from_millis(300));
    let third = site.ask("2001:db8:1:2:ffff::9", "ASK {}");
    assert_eq!(third.status, 429, "a network of 64 bits is one client");
    assert!(third.header("retry-after").parse::<u64>().is_ok());
    assert_eq!(
        site.ask("2001:db8:1:3::1", "ASK { ?s ?p ?o }").status,
        200,
        "another network is another client"
    );
    for asked in both {
        assert!(matches!(asked.answer().word().as_str(), "broken" | "504"));
    }
    // The account is charged when a query has really ended, which is some moments after its client sees it. Each question
    // is another one, as a kept answer costs nothing.
    let spent = (0..20)
        .map(|n| {
            std::thread::sleep(Duration::from_millis(100));
            site.ask(abuser, &format!("ASK {{ ?s ?p {n} }}"))
        })
        .find(|answer| String::from_utf8_lossy(&answer.body).contains("urn:aarre:problem:budget-spent"))
        .expect("an account that is empty");
    let problem: Value = serde_json::from_slice(&spent.body).unwrap();
    assert_eq!(spent.status, 429, "{problem}");
    assert!(spent.header("retry-after").parse::<u64>().unwrap() > 1);
    assert!(problem["dumps"].as_str().unwrap().ends_with("/dumps/"), "{problem}");
}

#[test]
fn no_query_reaches_another_address() {
    let _alone = alone();
    let site = generous();
    let listeners: Vec<TcpListener> = (0..2).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    let met = Arc::new(AtomicUsize::new(0));
    let mut addresses = Vec::new();
    for listener in listeners {
        addresses.push(listener.local_addr().unwrap());
        let met = Arc::clone(&met);
        std::thread::spawn(move || {
            for _ in listener.incoming() {
                met.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    let port = addresses[0].port();
    let mut urls: Vec<String> =
        ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "127.1", "0x7f000001", "2130706433"]
            .iter()
            .map(|host| format!("http://{host}:{port}/x"))
            .collect();
    urls.push(format!("http://{}/sparql?query=ASK%7B%7D", addresses[1]));
    urls.push(format!("file://127.0.0.1:{port}/etc/passwd"));
    let mut payloads = Vec::new();
    for url in &urls {
        payloads.push(format!("SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}"));
        payloads.push(format!("SELECT * {{ OPTIONAL {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }} }}"));
        payloads.push(format!("SELECT * FROM <{url}> {{ ?s ?p ?o }}"));
        payloads.push(format!("SELECT * FROM NAMED <{url}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"));
        payloads.push(format!("SELECT * {{ BIND(<{url}> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}"));
        payloads.push(format!("LOAD <{url}>"));
        payloads.push(format!("DESCRIBE <{url}>"));
    }
    assert!(payloads.len() >= 40);
    for payload in &payloads {
        let status = site.ask("203.0.113.12", payload).status;
        assert!(matches!(status, 200 | 400), "{payload}: {status}");
    }
    for url in &urls {
        let encoded = url.replace('%', "%25").replace(':', "%3A").replace('/', "%2F").replace('?', "%3F");
        for parameter in ["default-graph-uri", "named-graph-uri"] {
            let path = format!("/sparql?{parameter}={encoded}");
            let asked = send_to(&site.address, &path, "203.0.113.12", JSON, "SELECT * { ?s ?p ?o }");
            assert!(matches!(asked.answer().status, 200 | 400), "{path}");
        }
    }
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(met.load(Ordering::Relaxed), 0, "somebody called");
}

#[test]
fn the_limits_are_told_as_configured() {
    let _alone = alone();
    let site = generous();
    let answer = get(&site.address, "/limits", "203.0.113.13");
    let told: Value = serde_json::from_slice(&answer.body).unwrap();
    let value = |name: &str| {
        let limits = told["limits"].as_array().unwrap();
        limits.iter().find(|limit| limit["name"] == name).unwrap()["value"].as_u64()
    };
    assert_eq!((value("seconds"), value("memory"), value("parallel")), (Some(2), Some(384), Some(40)));
    assert_eq!(told["network"], "closed to queries by the kernel", "{told}");
}

/// The long form: a service with the default limits, 63 abusers and one honest client for a minute.
#[test]
fn sixty_three_abusers_and_an_honest_client() {
    let _alone = alone();
    if !long() {
        return;
    }
    let site = Site::new(10, 1536, "[serve.limits]\nconnections = 5000");
    let stop = Arc::new(AtomicBool::new(false));
    let memory = watch_memory(Arc::clone(&stop));
    let reader = Bystander::start(&site, reads_a_page);
    let asker = Bystander::start(&site, |address| {
        loop {
            let answer = asks_a_query(address);
            // A full queue says when to come back; an honest client does.
            if answer.status != 503 {
                return answer;
            }
            std::thread::sleep(Duration::from_secs(answer.header("retry-after").parse().unwrap_or(1)));
        }
    });
    let queries: Vec<String> = table()
        .iter()
        .map(|(name, _)| fs::read_to_string(root().join("tests/hostile/queries").join(name)).unwrap())
        .collect();
    let met: Mutex<BTreeMap<String, usize>> = Mutex::default();
    let slowest = Mutex::new(Duration::ZERO);
    let end = Instant::now() + Duration::from_secs(60);
    std::thread::scope(|scope| {
        for abuser in 0..63 {
            let (site, queries, met, slowest) = (&site, &queries, &met, &slowest);
            scope.spawn(move || {
                for query in queries.iter().cycle().skip(abuser) {
                    if Instant::now() > end {
                        break;
                    }
                    let answer = site.ask(&format!("203.0.113.{abuser}"), query);
                    *met.lock().unwrap().entry(answer.word()).or_insert(0) += 1;
                    let mut slowest = slowest.lock().unwrap();
                    *slowest = answer.took.max(*slowest);
                }
            });
        }
    });
    stop.store(true, Ordering::Relaxed);
    println!(
        "63 abusers met {:?}, the slowest answer took {:?}",
        met.into_inner().unwrap(),
        slowest.into_inner().unwrap()
    );
    println!("bystander, pages: {}", reader.end());
    println!("bystander, queries: {}", asker.end());
    let most = memory.join().unwrap();
    println!("the largest worker: {most} MiB");
    assert!(most <= site.memory, "a worker took {most} MiB");
}
