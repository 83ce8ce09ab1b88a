//! What a reverse proxy tells of the browser behind it: believed of the proxies that a setting
//! names, and taken away from everybody else's requests.

use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use axum::{
    extract::ConnectInfo,
    http::{HeaderMap, HeaderName, HeaderValue, Request, header, uri::Authority},
};
use ipnet::IpNet;

use super::FORWARDED_PROTO;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Addresses and networks of proxies.
#[derive(Debug, Clone, Default)]
pub struct Proxies(Vec<IpNet>);

impl FromStr for Proxies {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words = text.split(',').map(str::trim).filter(|it| !it.is_empty());
        let parse = |word: &str| {
            let address = word.parse::<IpAddr>().map(IpNet::from);
            address.or_else(|_| word.parse::<IpNet>()).map_err(|_| {
                format!("`{word}` is no address or network such as 127.0.0.1 or 10.0.0.0/8")
            })
        };
        words.map(parse).collect::<Result<_, _>>().map(Self)
    }
}

impl Proxies {
    fn has(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The last one before our proxies: what stands left of it anybody could have written.
    fn caller(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let values = headers.get_all(FORWARDED_FOR).into_iter();
        let texts: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
        let mut last = None;
        for word in texts.iter().flat_map(|text| text.split(',')).rev() {
            let Ok(address) = word.trim().parse() else {
                break;
            };
            last = Some(address);
            if !self.has(address) {
                break;
            }
        }
        last
    }

    /// Leaves in a request what is to be believed of the caller's address, and of how the browser
    /// reached the proxy.
    pub(super) fn screen<B>(&self, request: &mut Request<B>) {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        if peer.is_some_and(|ConnectInfo(peer)| self.has(peer.ip())) {
            if let Some(caller) = self.caller(request.headers()) {
                let caller = SocketAddr::new(caller, 0);
                request.extensions_mut().insert(ConnectInfo(caller));
            }
            believe(request.headers_mut());
        } else {
            for name in [
                FORWARDED_PROTO,
                FORWARDED_HOST,
                FORWARDED_FOR,
                header::FORWARDED,
            ] {
                request.headers_mut().remove(name);
            }
        }
    }
}

fn believe(headers: &mut HeaderMap) {
    let is_protocol = |value: &&HeaderValue| *value == "http" || *value == "https";
    if headers.get(FORWARDED_PROTO).filter(is_protocol).is_none() {
        headers.remove(FORWARDED_PROTO);
    }
    let host = headers.remove(FORWARDED_HOST);
    let is_host = |value: &HeaderValue| Authority::try_from(value.as_bytes()).is_ok();
    if let Some(host) = host.filter(is_host) {
        headers.insert(header::HOST, host);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a handler sees of a request from `peer` with these headers.
    fn seen(peer: &str, headers: &[(&str, &str)]) -> String {
        let proxies: Proxies = "10.0.0.0/8".parse().unwrap();
        let peer: SocketAddr = peer.parse().unwrap();
        let mut request = Request::builder().extension(ConnectInfo(peer));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(()).unwrap();
        proxies.screen(&mut request);
        let caller = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let words = request
            .headers()
            .iter()
            .map(|(name, value)| format!("{name}={}", value.to_str().unwrap()));
        let words = words.collect::<Vec<_>>().join(" ");
        format!("{} {words}", caller.unwrap().ip())
    }

    #[test]
    fn a_proxy_s_word_counts_and_a_stranger_s_is_taken_away() {
        let told = [
            ("host", "inside"),
            ("x-forwarded-for", "6.6.6.6, 1.1.1.1"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "octopus.example.com"),
            ("forwarded", "for=1.1.1.1"),
        ];
        assert_eq!(seen("9.9.9.9:1", &told), "9.9.9.9 host=inside");
        let believed = seen("10.0.0.1:1", &told);
        assert!(
            believed.starts_with("1.1.1.1 host=octopus.example.com "),
            "{believed}"
        );
        assert!(believed.contains("x-forwarded-proto=https"), "{believed}");
        let nonsense = [
            ("host", "inside"),
            ("x-forwarded-proto", "javascript"),
            ("x-forwarded-host", "a b"),
        ];
        assert_eq!(seen("10.0.0.1:1", &nonsense), "10.0.0.1 host=inside");
    }

    #[test]
    fn proxies_are_addresses_and_networks() {
        let proxies: Proxies = "127.0.0.1, 10.0.0.0/8,::1,".parse().unwrap();
        for (address, is_one) in [
            ("127.0.0.1", true),
            ("::ffff:127.0.0.1", true),
            ("127.0.0.2", false),
            ("10.1.2.3", true),
            ("::1", true),
            ("::2", false),
        ] {
            assert_eq!(proxies.has(address.parse().unwrap()), is_one, "{address}");
        }
        for text in ["proxy", "10.0.0.0/33", "1.2.3.4 5.6.7.8"] {
            assert!(
                text.parse::<Proxies>().unwrap_err().contains(text),
                "{text}"
            );
        }
    }

    #[test]
    fn the_caller_is_the_last_one_before_our_proxies() {
        let proxies: Proxies = "10.0.0.0/8".parse().unwrap();
        for (values, caller) in [
            (&[][..], None),
            (&["1.1.1.1"], Some("1.1.1.1")),
            (&["6.6.6.6, 1.1.1.1, 10.0.0.1"], Some("1.1.1.1")),
            (&["6.6.6.6", "1.1.1.1", "10.0.0.1"], Some("1.1.1.1")),
            (&["10.0.0.2, 10.0.0.1"], Some("10.0.0.2")),
            (&["1.1.1.1, nonsense"], None),
        ] {
            let values = values.iter();
            let pairs = values.map(|it| (FORWARDED_FOR, it.parse().unwrap()));
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(name, value);
            }
            let expected = caller.map(|it| it.parse().unwrap());
            assert_eq!(proxies.caller(&headers), expected);
        }
    }
}
