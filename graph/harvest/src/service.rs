//! Questions to SPARQL endpoints elsewhere, for queries with `SERVICE`: one request, one answer, all of it bounded.
//!
//! Whoever calls has looked at the address; here it is seen to that it leads where it says: to the port of a public
//! address, unless the operator wrote an address of numbers, and nowhere else after a redirect. The name is looked up once
//! and the connection goes to what was found, so that a second look-up cannot lead elsewhere.

use reqwest::Url;
use reqwest::blocking::Client;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::redirect::Policy;
use std::io::Read as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _};
use std::time::{Duration, Instant};

/// How many bytes of an answer are taken.
const MOST_BYTES: u64 = 4 << 20;
/// How long a connection may take.
const CONNECTING: Duration = Duration::from_secs(5);
/// How long an answer may take, whatever the query's own deadline is.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends a query to an endpoint and gives its answer in SPARQL's JSON.
///
/// # Errors
/// Why there is none, for people.
pub fn ask_service(service: &str, query: &str, until: Option<Instant>) -> Result<Vec<u8>, String> {
    let url = Url::parse(service).map_err(|error| format!("it is no address: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
        return Err("only http and https without a user are asked".to_owned());
    }
    let left = until.map_or(PATIENCE, |until| until.saturating_duration_since(Instant::now()));
    // The provider may be installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut client = Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(CONNECTING)
        .timeout(left.min(PATIENCE))
        .user_agent(concat!("Aarre/", env!("CARGO_PKG_VERSION")));
    if let Some((host, addresses)) = looked_up(&url)? {
        client = client.resolve_to_addrs(&host, &addresses);
    }
    let failed = |error: reqwest::Error| {
        let why = if error.is_timeout() { "it did not answer in time" } else { "it cannot be reached" };
        why.to_owned()
    };
    let response = client
        .build()
        .and_then(|client| {
            client
                .post(url)
                .header(ACCEPT, "application/sparql-results+json")
                .form(&[("query", query)])
                .send()
        })
        .map_err(failed)?;
    let status = response.status();
    if status.is_redirection() {
        return Err(format!("it answers {} and leads elsewhere, where nobody goes", status.as_u16()));
    }
    if !status.is_success() {
        return Err(format!("it answers {}", status.as_u16()));
    }
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(|value| value.contains("json")) {
        return Err(format!("it answers in {}", content_type.unwrap_or("no format")));
    }
    let mut bytes = Vec::new();
    let read = response.take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|_| "its answer breaks off or takes too long".to_owned())?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("its answer has more than {MOST_BYTES} bytes"));
    }
    Ok(bytes)
}

/// The public addresses of a host with a name; `None` for a host that is an address itself.
fn looked_up(url: &Url) -> Result<Option<(String, Vec<SocketAddr>)>, String> {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Err("it names no host".to_owned());
    };
    if host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok() {
        return Ok(None);
    }
    let found = (host, port).to_socket_addrs().map_err(|_| "its host has no address".to_owned())?;
    let addresses: Vec<SocketAddr> = found.collect();
    if addresses.is_empty() || !addresses.iter().all(|address| is_public(address.ip())) {
        return Err("its host is not on the public network; list it by its address to ask it".to_owned());
    }
    Ok(Some((host.to_owned(), addresses)))
}

/// Whether an address is one that everybody can reach.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => {
            let [a, b, _, _, _, _, g, h] = address.segments();
            let inner = |high: u16, low: u16| {
                let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
                Ipv4Addr::new(a, b, c, d)
            };
            if let Some(mapped) = address.to_ipv4() {
                return is_public_v4(mapped);
            }
            match (a, b) {
                // Translated and tunnelled ones.
                (0x64, 0xff9b) => is_public_v4(inner(g, h)),
                (0x2002, _) => is_public_v4(inner(b, address.segments()[2])),
                // Documentation.
                (0x2001, 0x0db8) => false,
                // The one part that is given to the public.
                _ => a & 0xe000 == 0x2000 && address != Ipv6Addr::UNSPECIFIED,
            }
        }
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special =
        matches!((a, b, c), (0 | 240..=255, ..) | (100, 64..=127, _) | (192, 0, 0) | (198, 18 | 19, _));
    !(special
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn private_addresses_are_told_from_public_ones() {
        for (address, public) in [
            ("8.8.8.8", true),
            ("193.166.4.1", true),
            ("2001:708:10::1", true),
            ("127.0.0.1", false),
            ("127.255.0.9", false),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("172.16.0.1", false),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("198.18.0.1", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::1", false),
            ("::", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::10.0.0.1", false),
            ("2002:7f00:1::", false),
            ("fe80::1", false),
            ("fc00::1", false),
            ("ff02::1", false),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    }

    #[test]
    fn a_name_that_leads_home_is_not_followed() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        for service in [
            format!("http://localhost:{port}/sparql"),
            format!("http://user@127.0.0.1:{port}/"),
            format!("ftp://127.0.0.1:{port}/"),
            "file:///etc/passwd".to_owned(),
            "no address".to_owned(),
        ] {
            assert!(ask_service(&service, "ASK {}", None).is_err(), "{service}");
        }
        assert!(listener.accept().is_err(), "somebody came");
    }
}
