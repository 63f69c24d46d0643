//! By which names the server may be called. A page of any name can let that name lead here (DNS rebinding), and then reads
//! what is answered as its own; but the browser tells the name.

use std::net::IpAddr;
use std::sync::Arc;

use http::uri::Authority;
use http::{HeaderMap, Uri, header};

/// The names that were allowed besides those of this machine.
#[derive(Debug, Clone)]
pub(crate) struct Hosts(Arc<[String]>);

impl Hosts {
    /// Takes names and addresses, without a port.
    ///
    /// # Errors
    /// Gives what is neither.
    pub(crate) fn new(names: &[String]) -> Result<Self, String> {
        let read = |name: &String| {
            let authority: Authority = name.parse().map_err(|_| name.clone())?;
            if authority.port().is_some() { Err(name.clone()) } else { name_of(&authority).ok_or_else(|| name.clone()) }
        };
        Ok(Self(names.iter().map(read).collect::<Result<_, _>>()?))
    }

    /// Whether a request names this machine, the address that its connection came to, or a host that was allowed, wherever it
    /// says where it goes. One that does not say is refused: browsers do.
    pub(crate) fn allow(&self, target: &Uri, headers: &HeaderMap, own: Option<IpAddr>) -> bool {
        let in_target = target.authority().map(|authority| Some(authority.clone()));
        let in_headers = headers.get_all(header::HOST).iter().map(|host| host.to_str().ok()?.parse().ok());
        let mut named = in_target.into_iter().chain(in_headers).peekable();
        named.peek().is_some()
            && named.all(|authority| authority.as_ref().and_then(name_of).is_some_and(|name| self.is_known(&name, own)))
    }

    fn is_known(&self, name: &str, own: Option<IpAddr>) -> bool {
        let address = address_of(name);
        is_loopback(name) || (address.is_some() && address == own) || self.0.iter().any(|allowed| allowed == name)
    }
}

/// Whether a host's name or address is this machine's own, whatever the network says.
fn is_loopback(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost") || address_of(name).is_some_and(|address| address.is_loopback())
}

/// Whether a request was sent to this machine by a name of its own.
pub(crate) fn names_loopback(headers: &HeaderMap) -> bool {
    let hosts = Hosts(Arc::default());
    hosts.allow(&Uri::default(), headers, None)
}

/// The name in lower case, without the dot that may end it.
fn name_of(authority: &Authority) -> Option<String> {
    let host = authority.host();
    let name = host.strip_suffix('.').unwrap_or(host);
    (!name.is_empty() && !authority.as_str().contains('@')).then(|| name.to_ascii_lowercase())
}

fn address_of(name: &str) -> Option<IpAddr> {
    let bare = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(name);
    Some(bare.parse::<IpAddr>().ok()?.to_canonical())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn allows(hosts: &Hosts, names: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for name in names {
            headers.append(header::HOST, HeaderValue::from_str(name).unwrap());
        }
        hosts.allow(&Uri::from_static("/"), &headers, Some(IpAddr::from([192, 168, 1, 5])))
    }

    fn hosts(names: &[&str]) -> Result<Hosts, String> {
        Hosts::new(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn this_machine_is_known_by_its_own_names_and_by_the_address_that_was_called() {
        let none = hosts(&[]).unwrap();
        for own in [
            "localhost",
            "LocalHost:8080",
            "app.localhost:1",
            "localhost.",
            "127.0.0.1",
            "127.9.9.9:80",
            "[::1]:80",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "192.168.1.5:8080",
        ] {
            assert!(allows(&none, &[own]), "{own}");
        }
        for foreign in [
            "evil.example",
            "localhost.evil.example:8080",
            "127.0.0.1.nip.io",
            "evillocalhost",
            "192.168.1.6",
            "0.0.0.0",
            "localhost@evil.example",
            "evil.example@localhost",
            "",
            ":80",
            "local host",
            "[::2]",
        ] {
            assert!(!allows(&none, &[foreign]), "{foreign}");
        }
    }

    #[test]
    fn every_place_that_says_where_a_request_goes_counts_and_one_has_to() {
        let none = hosts(&[]).unwrap();
        assert!(!allows(&none, &[]));
        assert!(!allows(&none, &["localhost", "evil.example"]) && !allows(&none, &["evil.example", "localhost"]));
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("localhost"));
        assert!(none.allow(&Uri::from_static("http://localhost:80/x"), &headers, None));
        assert!(!none.allow(&Uri::from_static("http://evil.example/x"), &headers, None));
    }

    #[test]
    fn names_that_were_allowed_are_known_whatever_their_case_and_port() {
        let some = hosts(&["Hatchet", "10.0.0.7", "[fd00::1]"]).unwrap();
        for known in ["hatchet:8080", "HATCHET", "hatchet.", "10.0.0.7", "[fd00::1]:80"] {
            assert!(allows(&some, &[known]), "{known}");
        }
        assert!(!allows(&some, &["hatchet.evil.example"]));
        for wrong in ["hatchet:80", "http://hatchet", "a b", "", "me@hatchet", "hatchet/x"] {
            assert_eq!(hosts(&[wrong]).unwrap_err(), wrong);
        }
    }

    #[test]
    fn only_a_name_of_this_machine_is_loopback() {
        let named = |name| HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(name))]);
        assert!(names_loopback(&named("localhost:8080")));
        assert!(!names_loopback(&named("evil.example")) && !names_loopback(&HeaderMap::new()));
    }
}
