//! `aarre top`: the queries that run at this moment, asked of the server's private address.
//!
//! The address is on this machine or in the operator's own network, and the server is ours, so a few lines of
//! HTTP/1.1 are all that is needed.

use crate::args::TopArguments;
use crate::terminal::{Done, Terminal};
use anyhow::{Context as _, anyhow, bail};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{IsTerminal as _, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long the server may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much of a query is shown.
const WIDTH: usize = 60;

pub(crate) fn run(arguments: &TopArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let home = terminal.home()?;
    let address = home.config.serve.private.context(
        "the server has no private address; name one in aarre.toml and start it again: [serve] private = \"127.0.0.1:7879\"",
    )?;
    if let Some(id) = &arguments.cancel {
        match ask(address, "DELETE", &format!("/queries/{id}"))? {
            (204, _) => terminal.result(&format!("Stopped {id}."), &json!({ "stopped": id }))?,
            (404, _) => bail!("no query '{id}' is running"),
            (status, _) => bail!("the server answered {status}"),
        }
        return Ok(Done::Complete);
    }
    loop {
        let list = queries(address)?;
        let again = !arguments.once && !terminal.json() && std::io::stdout().is_terminal();
        let clear = if again { "\x1b[2J\x1b[H" } else { "" };
        terminal.result(&format!("{clear}{}", table(&list)), &list)?;
        if !again {
            return Ok(Done::Complete);
        }
        std::thread::sleep(Duration::from_secs(2));
    }
}

fn queries(address: SocketAddr) -> anyhow::Result<Value> {
    let (status, body) = ask(address, "GET", "/queries")?;
    if status != 200 {
        bail!("the server answered {status}");
    }
    serde_json::from_slice(&body).context("the server's answer cannot be read")
}

fn table(list: &Value) -> String {
    let queries = list["queries"].as_array().map(Vec::as_slice).unwrap_or_default();
    if queries.is_empty() {
        return "No query is running.".to_owned();
    }
    let mut text = format!("{:<18} {:>8} {:>12} {:<22} QUERY", "ID", "SECONDS", "BYTES", "CLIENT");
    for query in queries {
        let one_line: Vec<&str> = query["query"].as_str().unwrap_or_default().split_whitespace().collect();
        let shown: String = one_line.join(" ").chars().take(WIDTH).collect();
        let _ = write!(
            text,
            "\n{:<18} {:>8.1} {:>12} {:<22} {shown}",
            query["id"].as_str().unwrap_or_default(),
            query["seconds"].as_f64().unwrap_or_default(),
            query["bytes"].as_u64().unwrap_or_default(),
            query["client"].as_str().unwrap_or_default(),
        );
    }
    text
}

/// The status and the body.
fn ask(address: SocketAddr, method: &str, path: &str) -> anyhow::Result<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)
        .with_context(|| format!("nothing answers at {address}; is the server running?"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).context("the server's answer broke off")?;
    read(&answer).ok_or_else(|| anyhow!("{address} does not answer as a server of ours"))
}

fn read(answer: &[u8]) -> Option<(u16, Vec<u8>)> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    Some((status, answer[end + 4..].to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_and_shown() {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        assert_eq!(read(answer), Some((200, b"{}".to_vec())));
        assert_eq!(read(b"SSH-2.0"), None);
        let list = json!({ "queries": [
            { "id": "a-1", "client": "192.0.2.1", "seconds": 1.25, "bytes": 7, "query": "ask\n {}" },
        ] });
        let text = table(&list);
        assert!(text.contains("a-1") && text.contains("1.2") && text.ends_with("ask {}"), "{text}");
        assert_eq!(table(&json!({ "queries": [] })), "No query is running.");
    }
}
