//! Whom an address names, and plain HTTP, which anybody on the way can read.

/// A host, and the port where one is said.
pub(super) fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

/// The origin of an address, where what is sent to it can be read on the way: by plain HTTP, and not to this machine.
pub(crate) fn readable_origin(url: &str) -> Option<&str> {
    let rest = url.get(7..).filter(|_| url.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://")))?;
    let authority = rest.split('/').next().unwrap_or_default();
    let host = split_port(authority).0.to_ascii_lowercase();
    let is_address = || host.starts_with("127.") && host.bytes().all(|byte| byte == b'.' || byte.is_ascii_digit());
    let is_here = host == "localhost" || host.ends_with(".localhost") || host == "[::1]" || is_address();
    if is_here { None } else { url.get(..7 + authority.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_http_to_another_machine_can_be_read() {
        for (url, origin) in [
            ("http://hatchet.example/api", "http://hatchet.example"),
            ("HTTP://Hatchet.Example:8080/api", "HTTP://Hatchet.Example:8080"),
            ("http://10.0.0.7", "http://10.0.0.7"),
            ("http://[fd00::1]:80/x", "http://[fd00::1]:80"),
            ("http://localhost.evil.example/", "http://localhost.evil.example"),
            ("http://127.evil.example/", "http://127.evil.example"),
            ("http://evillocalhost:1/", "http://evillocalhost:1"),
            ("http://hatchet.example:8080/localhost", "http://hatchet.example:8080"),
        ] {
            assert_eq!(readable_origin(url), Some(origin));
        }
        for url in [
            "https://hatchet.example/api",
            "http://localhost",
            "http://LocalHost:8080/api",
            "http://app.localhost:1/",
            "http://127.0.0.1:8080/",
            "http://127.9.9.9",
            "http://[::1]:80/",
            "http://[::1]",
        ] {
            assert_eq!(readable_origin(url), None, "{url}");
        }
    }
}
