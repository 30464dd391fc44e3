#![expect(clippy::unwrap_used, reason = "tests")]
use super::*;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::thread::JoinHandle;

/// Answers so many requests, one a connection, and gives the requests' header lines.
fn server(answers: Vec<&'static str>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/export.xml?page=1", listener.local_addr().unwrap());
    let handle = std::thread::spawn(move || {
        let mut requests = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = String::new();
            for line in BufReader::new(stream.try_clone().unwrap()).lines() {
                let line = line.unwrap();
                if line.is_empty() {
                    break;
                }
                lines.push_str(&line.to_ascii_lowercase());
                lines.push('\n');
            }
            requests.push(lines);
            stream.write_all(answer.as_bytes()).unwrap();
        }
        requests
    });
    (url, handle)
}

#[test]
fn fetches_once_and_asks_again_politely() {
    let folder = tempfile::tempdir().unwrap();
    let (url, handle) = server(vec![
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nETag: \"a\"\r\nConnection: close\r\n\r\n<a/>",
        "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n<a/>",
    ]);
    let mut harvester = Harvester::open(folder.path()).unwrap();
    assert_eq!(harvester.fetch(&url).unwrap(), Fetched::New);
    let mut harvester = Harvester::open(folder.path()).unwrap();
    assert_eq!(harvester.fetch(&url).unwrap(), Fetched::Unchanged);
    assert!(matches!(harvester.fetch(&url), Err(HarvestError::Status { status: 500, .. })));
    assert!(matches!(harvester.fetch(&url), Err(HarvestError::Short { met: 4, expected: 10, .. })));
    let files = harvester.files(&[url]);
    assert_eq!(fs::read(&files[0]).unwrap(), b"<a/>");
    assert!(files[0].to_str().unwrap().ends_with(".xml"));
    let requests = handle.join().unwrap();
    assert!(!requests[0].contains("if-none-match"));
    assert!(requests[1].contains("if-none-match: \"a\""));
}

#[test]
fn refuses_what_is_no_web_address() {
    let folder = tempfile::tempdir().unwrap();
    let mut harvester = Harvester::open(folder.path()).unwrap();
    for url in ["file:///etc/passwd", "ftp://x.org/a", "x", ""] {
        assert!(matches!(harvester.fetch(url), Err(HarvestError::Address(_))), "{url}");
    }
}
