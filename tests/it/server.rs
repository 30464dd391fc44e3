//! A real server on a real home: `aarre demo` builds it once, `aarre serve` serves it, tests ask it.

use crate::command::{Ran, binary, ran};
use graph_index::{Builder, Index, items};
use graph_store::WorkingStore;
use graph_store::rdf::Quad;
use reqwest::Method;
use reqwest::blocking::{Client, RequestBuilder, Response};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A home with the demo loaded and published, and what the command said.
pub(crate) struct Home {
    folder: TempDir,
    pub(crate) address: String,
    pub(crate) made: Ran,
}

impl Home {
    /// Builds the demo into a fresh home whose base is a free address of this machine.
    pub(crate) fn demo() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = free_address();
        let made = Command::new(binary())
            .args(["demo", "--no-serve", "--listen", &address, "--home"])
            .arg(folder.path())
            .env_remove("AARRE_HOME")
            .output()
            .unwrap();
        Self { folder, address, made: ran(&made) }
    }

    /// Another home with the same generations at an address of its own, and settings of its own.
    pub(crate) fn beside(&self, settings: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = free_address();
        let config = format!("base = \"{}\"\n{settings}", self.base());
        std::fs::write(folder.path().join("aarre.toml"), config).unwrap();
        std::os::unix::fs::symlink(self.path().join("generations"), folder.path().join("generations"))
            .unwrap();
        Self { folder, address, made: self.made.clone() }
    }

    /// A home whose one generation holds as they are the quads that are made for its base, whatever they say.
    pub(crate) fn of<Q: IntoIterator<Item = Quad>>(quads: impl FnOnce(&str) -> Q) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = free_address();
        let base = format!("http://{address}");
        let made = Command::new(binary())
            .args(["init", "--base", &base])
            .arg(folder.path())
            .env_remove("AARRE_HOME")
            .output()
            .unwrap();
        let generation = folder.path().join("generations/1");
        std::fs::create_dir_all(&generation).unwrap();
        let store = WorkingStore::open(&folder.path().join("store")).unwrap();
        let mut bulk = store.bulk().unwrap();
        let mut index = Builder::new(&generation.join("index")).unwrap();
        for quad in quads(&base) {
            bulk.push(quad).unwrap();
        }
        bulk.commit().unwrap();
        // Of what the store keeps, as publishing does it: numbers have one spelling there.
        for quad in store.view().matching(None, None, None, None) {
            index.add(quad.unwrap().as_ref()).unwrap();
        }
        index.finish().unwrap();
        let index = Index::open(&generation.join("index")).unwrap();
        items::build(&index, &generation.join("search")).unwrap();
        store.checkpoint(&generation.join("store")).unwrap();
        std::os::unix::fs::symlink("1", folder.path().join("generations/current")).unwrap();
        Self { folder, address, made: ran(&made) }
    }

    /// Takes the index away, so that the store answers alone.
    pub(crate) fn without_index(self) -> Self {
        for folder in ["index", "search"] {
            std::fs::remove_dir_all(self.path().join("generations/1").join(folder)).unwrap();
        }
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Runs a command on this home.
    pub(crate) fn aarre(&self, arguments: &[&str]) -> Ran {
        let output = Command::new(binary()).args(arguments).env("AARRE_HOME", self.path()).output().unwrap();
        ran(&output)
    }

    /// Serves it until the server is dropped.
    pub(crate) fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    /// Serves it, with more arguments on the command line.
    pub(crate) fn serve_with(&self, arguments: &[&str]) -> Server {
        let log = self.path().join("serve.log");
        // The shared server is a static, which nobody drops. So a shell holds it, and ends it when this process does
        // and its end of the pipe closes.
        let child = Command::new("sh")
            .args(["-c", "\"$@\" & served=$!; cat >/dev/null; kill -9 $served", "sh"])
            .arg(binary())
            .args(["serve", "--listen", &self.address])
            .args(arguments)
            .env("AARRE_HOME", self.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let server = Server { child, base: self.base(), client: client() };
        let begun = Instant::now();
        while !server.get("/health/ready").send().is_ok_and(|answer| answer.status().is_success()) {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "the server does not come up: {}",
                std::fs::read_to_string(&log).unwrap()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }
}

/// A running server.
pub(crate) struct Server {
    child: Child,
    pub(crate) base: String,
    client: Client,
}

impl Server {
    /// A request for a path or a whole address; redirects are not followed.
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        self.client.get(url)
    }

    /// A request of any method.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.base))
    }

    /// Follows one 303 for an entity and gives the document in the format asked for.
    pub(crate) fn entity(&self, iri: &str, accept: &str) -> Response {
        let answer = self.get(iri).header("accept", accept).send().unwrap();
        assert_eq!(answer.status(), 303, "{iri}");
        let location = answer.headers()["location"].to_str().unwrap().to_owned();
        let document = self.get(&location).header("accept", accept).send().unwrap();
        assert_eq!(document.status(), 200, "{location}");
        document
    }

    /// The rows of a SELECT query as maps from variable to value.
    pub(crate) fn rows(&self, query: &str) -> Vec<serde_json::Map<String, serde_json::Value>> {
        let answer = self
            .post("/sparql")
            .header("content-type", "application/sparql-query")
            .header("accept", "application/sparql-results+json")
            .body(query.to_owned())
            .send()
            .unwrap();
        let status = answer.status();
        let text = answer.text().unwrap();
        assert_eq!(status, 200, "{query}\n{text}");
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        json["results"]["bindings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row.as_object().unwrap().clone())
            .collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // It may have ended already; then there is nothing to wait for.
        let _ = self.child.wait();
    }
}

/// The value of a variable in a row.
pub(crate) fn value<'r>(row: &'r serde_json::Map<String, serde_json::Value>, variable: &str) -> &'r str {
    row.get(variable).and_then(|term| term["value"].as_str()).unwrap_or_default()
}

/// The demo, built and served once for all tests that only ask.
pub(crate) fn demo() -> &'static (Home, Server) {
    static DEMO: OnceLock<(Home, Server)> = OnceLock::new();
    DEMO.get_or_init(|| {
        let home = Home::demo();
        // The demo carries messy records on purpose: done, with records set aside.
        assert_eq!(home.made.code, 3, "{:?}", home.made);
        let server = home.serve();
        (home, server)
    })
}

pub(crate) fn client() -> Client {
    // The provider may be installed by another test already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(60))
        .no_proxy()
        .build()
        .unwrap()
}

pub(crate) fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// All files below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}
