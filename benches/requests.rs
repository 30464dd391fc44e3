//! What a request costs whose answer is kept: processor time of the server, beside a bare axum handler that gives
//! 4 KiB and nothing else. Both are processes of their own, asked in turns by the same client in the same run, so that
//! the ratios mean something on a machine that is busy with other things.
//!
//! `cargo bench --bench requests` asks 120,000 times for each; as a test, a few hundred times.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

use axum::Router;
use axum::http::header;
use axum::routing::get;
use graph_model::Base;
use graph_serve::{AccessForm, Config};
use graph_store::rdf::{GraphName, Literal, NamedNode, Quad};
use graph_store::{Change, WorkingStore};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const BASE: &str = "https://data.example.org";
const ROUNDS: usize = 6;
const CONNECTIONS: usize = 4;
const QUERY: &str = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 20";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("serve-bare") => serve(bare()),
        Some("serve-aarre") => serve(aarre(Path::new(&arguments[1]))),
        _ => compare(if arguments.iter().any(|argument| argument == "--bench") { 20_000 } else { 100 }),
    }
}

fn compare(requests: usize) {
    let home = tempfile::tempdir().unwrap();
    publish(home.path());
    let bare = Server::start(&["serve-bare".as_ref()]);
    let aarre = Server::start(&["serve-aarre".as_ref(), home.path().as_os_str()]);
    let encoded: String = QUERY.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let query = format!("/sparql?query={encoded}");
    let form = format!("query={encoded}");
    let tag = ask(&mut connect(aarre.address), &plain("/data/art/1.ttl", "")).header("etag");
    let cases = [
        ("bare axum handler, 4 KiB", &bare, plain("/", "")),
        ("entity document, Turtle", &aarre, plain("/data/art/1.ttl", "")),
        (
            "entity document, zstd",
            &aarre,
            plain("/data/art/1.ttl", "Accept-Encoding: gzip, deflate, br, zstd\r\n"),
        ),
        ("entity document, 304", &aarre, plain("/data/art/1.ttl", &format!("If-None-Match: {tag}\r\n"))),
        ("query, JSON", &aarre, plain(&query, "Accept: application/sparql-results+json\r\n")),
        ("query by POST, JSON", &aarre, posted(&form)),
    ];
    for (name, server, request) in &cases {
        for _ in 0..20 {
            let answer = ask(&mut connect(server.address), request);
            assert!(matches!(answer.status, 200 | 304), "{name}: {}", answer.status);
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }
    let mut spent = [0; 6];
    for _ in 0..ROUNDS {
        for ((_, server, request), spent) in cases.iter().zip(&mut spent) {
            *spent += server.busy(|| hammer(server.address, request, requests));
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "microseconds")]
    let micros = spent.map(|spent| spent as f64 / (requests * ROUNDS) as f64);
    println!("processor time of the server a request, over {} requests each", requests * ROUNDS);
    for ((name, server, request), micros_each) in cases.iter().zip(micros) {
        let answer = ask(&mut connect(server.address), request);
        println!(
            "{name:28} {micros_each:6.1} µs  {:4.2} × bare  {:5} bytes  {}",
            micros_each / micros[0],
            answer.body,
            answer.header("aarre-cache")
        );
    }
}

fn plain(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n")
}

fn posted(form: &str) -> String {
    format!(
        "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n\r\n{form}",
        form.len()
    )
}

/// A server in a process of its own.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(arguments: &[&std::ffi::OsStr]) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, address: line.trim().parse().unwrap() }
    }

    /// Microseconds of processor time that the server spends on something.
    fn busy(&self, something: impl FnOnce()) -> u64 {
        let before = self.spent();
        something();
        self.spent() - before
    }

    /// User and system time of all threads, from the kernel's clock of 100 ticks a second.
    fn spent(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        (fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()) * 10_000
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn hammer(address: SocketAddr, request: &str, requests: usize) {
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                let mut stream = connect(address);
                for _ in 0..requests / CONNECTIONS {
                    let answer = ask(&mut stream, request);
                    assert!(matches!(answer.status, 200 | 304), "{}", answer.status);
                }
            });
        }
    });
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

struct Answer {
    status: u16,
    head: String,
    body: usize,
}

impl Answer {
    fn header(&self, name: &str) -> String {
        let line = self.head.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:")));
        line.and_then(|line| line.split_once(':')).map_or(String::new(), |(_, value)| value.trim().to_owned())
    }
}

fn ask(stream: &mut TcpStream, request: &str) -> Answer {
    stream.write_all(request.as_bytes()).unwrap();
    let mut buffer = [0; 64 << 10];
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).unwrap();
        assert!(read > 0, "the server hung up");
        filled += read;
        let Some(end) = buffer[..filled].windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&buffer[..end]).unwrap();
        let status = head[9..12].parse().unwrap();
        let length = |line: &str| {
            line.get(..15)?.eq_ignore_ascii_case("content-length:").then(|| line[15..].trim().parse().ok())?
        };
        let body = head.lines().find_map(length).unwrap_or(0);
        if filled >= end + 4 + body || status == 304 {
            return Answer { status, head: head.to_owned(), body };
        }
    }
}

/// Runs a server whose address is told by a channel, until the parent closes standard input.
fn serve(server: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(server);
}

async fn bare() {
    let body = "x".repeat(4 << 10);
    let body = axum::body::Bytes::from(body);
    let router = Router::new().route(
        "/",
        get(move || async move { ([(header::CONTENT_TYPE, "text/turtle; charset=utf-8")], body) }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    axum::serve(listener, router).await.unwrap();
}

async fn aarre(home: &Path) {
    let mut config = Config::new(home.to_owned(), Base::new(BASE).unwrap());
    config.access_log = Some(AccessForm::Text);
    config.limits.connections = 1_000;
    let server = graph_serve::bind(config).await.unwrap();
    println!("{}", server.address());
    server.serve(std::future::pending()).await.unwrap();
}

/// A generation with one item of some forty statements.
fn publish(home: &Path) {
    let folder = home.join("generations/1");
    std::fs::create_dir_all(&folder).unwrap();
    let working = WorkingStore::open(&home.join("store")).unwrap();
    let node = |text: String| NamedNode::new(text).unwrap();
    let quads = (0..40)
        .map(|number| {
            Quad::new(
                node(format!("{BASE}/id/art/1")),
                node(format!("http://purl.org/dc/elements/1.1/field{}", number % 8)),
                Literal::new_simple_literal(format!(
                    "Queen Blanche, a painting of 1877, told in the words of place {number}"
                )),
                GraphName::NamedNode(node(format!("{BASE}/graph/art"))),
            )
        })
        .collect();
    working.apply(Change { remove: Vec::new(), insert: quads }).unwrap();
    working.checkpoint(&folder.join("store")).unwrap();
    std::fs::write(folder.join("MANIFEST.sha256"), "bench\n").unwrap();
    std::fs::write(home.join("generations/current"), "1").unwrap();
}
