//! Who asks: an address, as far as it can be believed.
//!
//! Behind a proxy every connection is the proxy's, so its word about the client (`X-Forwarded-For`) counts; from
//! anybody else that header is the client's own invention. An IPv6 network of 64 bits is one client: its holder has
//! all of its addresses.

use axum::extract::ConnectInfo;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use std::fmt;
use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

/// A client: an IPv4 address or an IPv6 network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Client(IpAddr);

impl Client {
    /// The client of a request.
    pub(crate) fn of(parts: &Parts, proxies: &[Network]) -> Self {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        Self::believed(peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)), &parts.headers, proxies)
    }

    /// The client of a request that came from this address.
    pub(crate) fn seen(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> Self {
        if proxies.is_empty() { Self::from(peer) } else { Self::believed(peer, headers, proxies) }
    }

    /// The network of the client, too wide to be a person: 24 bits of IPv4, 48 of IPv6.
    pub(crate) fn truncated(self, out: &mut Vec<u8>) {
        // Writing to a vector does not fail.
        let _ = match self.0 {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                write!(out, "{a}.{b}.{c}.0/24")
            }
            IpAddr::V6(address) => {
                let [a, b, c, ..] = address.segments();
                write!(out, "{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
            }
        };
    }

    /// This machine.
    #[cfg(test)]
    pub(crate) fn local() -> Self {
        Self::from(IpAddr::V4(Ipv4Addr::LOCALHOST))
    }

    /// The last address in the chain that no trusted proxy vouches for.
    fn believed(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> Self {
        let trusted = |address: IpAddr| proxies.iter().any(|proxy| proxy.holds(address));
        let mut client = peer;
        let chain: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .collect();
        for hop in chain.into_iter().rev() {
            if !trusted(client) {
                break;
            }
            // What is no address ends the chain: nothing before it can be believed.
            let Ok(address) = hop.parse() else { break };
            client = address;
        }
        Self::from(client)
    }
}

impl From<IpAddr> for Client {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            address => address,
        })
    }
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(address) => address.fmt(f),
            IpAddr::V6(address) => write!(f, "{address}/64"),
        }
    }
}

/// Addresses with a common beginning, as in `10.0.0.0/8`; a single one without the slash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    /// Whether the address is in it.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        let common = match (self.address, address.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros(),
            (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros(),
            _ => return false,
        };
        common >= self.bits
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || format!("'{text}' is no address; expected one like 10.0.0.7 or 10.0.0.0/8");
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.trim().parse().map_err(|_| fault())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.trim().parse().map_err(|_| fault()))?;
        if bits > most { Err(fault()) } else { Ok(Self { address, bits }) }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn client(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let proxies: Vec<Network> = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
        Client::believed(peer.parse().unwrap(), &headers, &proxies).to_string()
    }

    #[test]
    fn only_a_proxy_is_believed_about_others() {
        assert_eq!(client("192.0.2.1", &["198.51.100.7"], &[]), "192.0.2.1");
        assert_eq!(client("10.0.0.7", &["198.51.100.7"], &["10.0.0.0/8"]), "198.51.100.7");
        assert_eq!(client("10.0.0.7", &["203.0.113.9, 198.51.100.7"], &["10.0.0.0/8"]), "198.51.100.7");
        assert_eq!(client("10.0.0.7", &["198.51.100.7", "10.1.1.1"], &["10.0.0.0/8"]), "198.51.100.7");
        assert_eq!(client("10.0.0.7", &["198.51.100.7, nonsense"], &["10.0.0.7"]), "10.0.0.7");
        assert_eq!(client("::ffff:192.0.2.1", &[], &[]), "192.0.2.1");
        assert_eq!(client("2001:db8:1:2:3:4:5:6", &[], &[]), "2001:db8:1:2::/64");
        assert!("10.0.0.0/33".parse::<Network>().is_err() && "proxy".parse::<Network>().is_err());
    }
}
