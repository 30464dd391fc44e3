//! A client that costs little: one connection that stays open, answers as CSV.

use crate::agree::is_graph;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(300);

pub(crate) struct Client {
    address: SocketAddr,
    path: &'static str,
    stream: Option<BufReader<TcpStream>>,
}

impl Client {
    pub(crate) fn new(address: SocketAddr, path: &'static str) -> Self {
        Self { address, path, stream: None }
    }

    /// Asks, and gives the answer: rows as CSV, a graph as N-Triples.
    pub(crate) fn query(&mut self, text: &str) -> Result<Vec<u8>, String> {
        let answer = self.exchange(text);
        if answer.is_err() {
            self.stream = None;
        }
        answer.map_err(|error| error.to_string())?
    }

    fn exchange(&mut self, text: &str) -> std::io::Result<Result<Vec<u8>, String>> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(self.address)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.set_nodelay(true)?;
            self.stream = Some(BufReader::new(stream));
        }
        let Some(stream) = &mut self.stream else { return Err(std::io::ErrorKind::NotConnected.into()) };
        let accept = if is_graph(text) { "application/n-triples" } else { "text/csv" };
        // As a form: Virtuoso does not answer a query that is the body itself.
        let mut form = "query=".to_owned();
        for byte in text.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => form.push(char::from(byte)),
                other => form.push_str(&format!("%{other:02X}")),
            }
        }
        let request = format!(
            "POST {} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.path,
            form.len()
        );
        stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).unwrap_or("none").to_owned();
        let (mut length, mut chunked, mut close) = (None, false, false);
        loop {
            line.clear();
            if stream.read_line(&mut line)? <= 2 {
                break;
            }
            let lower = line.to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse::<u64>().ok();
            }
            chunked |= lower.starts_with("transfer-encoding:") && lower.contains("chunked");
            close |= lower.starts_with("connection:") && lower.contains("close");
        }
        let mut body = Vec::new();
        if chunked {
            loop {
                line.clear();
                stream.read_line(&mut line)?;
                let size = u64::from_str_radix(line.trim(), 16).map_err(std::io::Error::other)?;
                stream.by_ref().take(size + 2).read_to_end(&mut body)?;
                // The end of the line is not the chunk's.
                body.truncate(body.len().saturating_sub(2));
                if size == 0 {
                    break;
                }
            }
        } else if let Some(length) = length {
            stream.by_ref().take(length).read_to_end(&mut body)?;
        } else {
            stream.read_to_end(&mut body)?;
            close = true;
        }
        if close {
            self.stream = None;
        }
        if status != "200" {
            return Ok(Err(format!("HTTP {status}")));
        }
        Ok(Ok(body))
    }
}
