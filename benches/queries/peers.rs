//! The servers: started, filled where they are empty, stopped at the end.

use crate::cost::{self, Memory};
use crate::data::Data;
use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A server that answers.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) address: SocketAddr,
    pub(crate) path: &'static str,
    child: Child,
}

impl Peer {
    /// The processes of the server at this moment.
    pub(crate) fn processes(&self) -> Vec<u32> {
        cost::family(self.child.id())
    }

    /// The memory of all of them.
    pub(crate) fn memory(&self) -> Memory {
        Memory::of(&self.processes())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts Aarre and, unless it is to be alone, those of the others whose programs are named.
pub(crate) fn start(data: &Data, alone: bool) -> Vec<Peer> {
    let mut peers = vec![aarre(data)];
    if alone {
        return peers;
    }
    match std::env::var_os("OXIGRAPH") {
        Some(program) => peers.push(oxigraph(Path::new(&program), data)),
        None => println!("OXIGRAPH does not name a program: without Oxigraph's own server"),
    }
    match (std::env::var_os("VIRTUOSO"), std::env::var_os("ISQL")) {
        (Some(program), Some(isql)) => peers.push(virtuoso(Path::new(&program), Path::new(&isql), data)),
        _ => println!("VIRTUOSO and ISQL do not name programs: without Virtuoso"),
    }
    peers
}

fn aarre(data: &Data) -> Peer {
    let program = std::env::var_os("AARRE").map_or_else(built, PathBuf::from);
    let address = free();
    let mut command = Command::new(program);
    command.arg("serve").arg("--home").arg(&data.home).arg("--listen").arg(address.to_string());
    peer("aarre", address, "/sparql", &mut command)
}

/// The program beside this one, built by cargo itself, so that no stale one is measured.
fn built() -> PathBuf {
    let own = std::env::current_exe().expect("a path");
    // …/<target>/<profile>/deps/queries-<hash>
    let folder = own.ancestors().nth(2).expect("a target folder");
    let profile = folder.file_name().and_then(|name| name.to_str()).expect("a profile");
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--quiet", "--package", "graph-cli", "--profile"]);
    command.arg(if profile == "debug" { "dev" } else { profile });
    command.arg("--target-dir").arg(folder.parent().expect("a target folder"));
    done(command.current_dir(env!("CARGO_MANIFEST_DIR")));
    folder.join("aarre")
}

fn oxigraph(program: &Path, data: &Data) -> Peer {
    let store = data.folder.join("oxigraph");
    if !store.exists() {
        done(
            Command::new(program)
                .arg("load")
                .arg("-l")
                .arg(&store)
                .arg("-f")
                .arg(&data.triples)
                .arg("--lenient"),
        );
        done(Command::new(program).arg("optimize").arg("-l").arg(&store));
    }
    let address = free();
    let mut command = Command::new(program);
    command.arg("serve-read-only").arg("-l").arg(&store).arg("-b").arg(address.to_string());
    peer("oxigraph", address, "/query", &mut command)
}

fn virtuoso(program: &Path, isql: &Path, data: &Data) -> Peer {
    let folder = data.folder.join("virtuoso");
    let empty = !folder.join("loaded").exists();
    fs::create_dir_all(&folder).expect("a folder");
    let (sql, http) = (free().port(), free());
    let ini = include_str!("virtuoso.ini")
        .replace("@SQL@", &sql.to_string())
        .replace("@HTTP@", &http.port().to_string())
        .replace("@DATA@", &data.folder.display().to_string());
    fs::write(folder.join("virtuoso.ini"), ini).expect("a configuration");
    let mut command = Command::new(program);
    command.current_dir(&folder).args(["+foreground", "+configfile", "virtuoso.ini"]);
    // Its default graph would have statements of its own as well.
    let path = "/sparql?default-graph-uri=https%3A%2F%2Fdata.example.org%2Fall";
    let peer = peer("virtuoso", http, path, &mut command);
    if empty {
        let file = data.triples.file_name().expect("a name").to_string_lossy().into_owned();
        let load = format!(
            "ld_dir('{}', '{file}', 'https://data.example.org/all'); rdf_loader_run(); checkpoint;",
            data.folder.display()
        );
        done(Command::new(isql).arg(sql.to_string()).arg("dba").arg("dba").arg(format!("exec={load}")));
        fs::write(folder.join("loaded"), "").expect("a mark");
    }
    peer
}

fn done(command: &mut Command) {
    let begun = Instant::now();
    let status = command.stdout(Stdio::null()).status().expect("a program that runs");
    assert!(status.success(), "{command:?} failed");
    println!("{} took {:.0} s", command.get_program().display(), begun.elapsed().as_secs_f64());
}

fn peer(name: &'static str, address: SocketAddr, path: &'static str, command: &mut Command) -> Peer {
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut peer = Peer { name, address, path, child: child.expect("a server that starts") };
    let begun = Instant::now();
    while TcpStream::connect(address).is_err() {
        let ended = peer.child.try_wait().expect("a process");
        assert!(ended.is_none(), "{name} ended at once: {ended:?}");
        assert!(begun.elapsed() < Duration::from_secs(120), "{name} does not listen");
        sleep(Duration::from_millis(50));
    }
    peer
}

fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("an address");
    listener.local_addr().expect("an address")
}
