//! Parts of URIs, as .NET's `Uri` names and writes them.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The part of this name. What goes wrong is said in the text: `[UriPart Host error: …]`.
pub(super) fn part(input: &str, part: &str) -> String {
    find(input.trim(), part).unwrap_or_else(|error| format!("[UriPart {part} error: {error}]"))
}

struct Uri<'a> {
    scheme: String,
    user: Option<&'a str>,
    host: String,
    port: Option<u16>,
    path: String,
    query: &'a str,
    fragment: &'a str,
}

fn find(input: &str, part: &str) -> Result<String, &'static str> {
    let part = part.to_ascii_lowercase();
    let uri = match parse(input) {
        Ok(uri) => uri,
        Err(_) if part == "isabsoluteuri" => return Ok(boolean(false)),
        Err(error) => return Err(error),
    };
    Ok(match part.as_str() {
        "absolutepath" | "path" => uri.path,
        "absoluteuri" => uri.all(),
        "authority" => uri.authority(),
        "dnssafehost" | "host" => match part.as_str() {
            "dnssafehost" => uri.host.trim_matches(['[', ']']).to_owned(),
            _ => uri.host,
        },
        "fragment" => uri.fragment.to_owned(),
        "hostandport" => match uri.port() {
            Some(port) => format!("{}:{port}", uri.host),
            None => uri.host,
        },
        "hostnametype" => uri.host_type().to_owned(),
        "isabsoluteuri" => boolean(true),
        "isdefaultport" => boolean(uri.port.is_none() || uri.port == default_port(&uri.scheme)),
        "isfile" => boolean(uri.scheme == "file"),
        "isloopback" => boolean(uri.is_loopback()),
        "isunc" => boolean(uri.scheme == "file" && !uri.host.is_empty()),
        "pathandquery" => format!("{}{}", uri.path, uri.query),
        "port" => uri.port().map_or("-1".to_owned(), |port| port.to_string()),
        "query" => uri.query.to_owned(),
        "scheme" => uri.scheme,
        "schemeandserver" => format!("{}://{}", uri.scheme, uri.authority()),
        "userinfo" => uri.user.unwrap_or_default().to_owned(),
        _ => return Err("there is no part of this name"),
    })
}

fn parse(input: &str) -> Result<Uri<'_>, &'static str> {
    let error = "this is no absolute URI";
    let (scheme, rest) = input.split_once(':').ok_or(error)?;
    let mut letters = scheme.chars();
    let valid = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    if !valid || input.contains(char::is_whitespace) {
        return Err(error);
    }
    let scheme = scheme.to_ascii_lowercase();
    let (rest, fragment) = rest.split_at(rest.find('#').unwrap_or(rest.len()));
    let (rest, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
    let Some(rest) = rest.strip_prefix("//") else {
        return Ok(Uri {
            scheme,
            user: None,
            host: String::new(),
            port: None,
            path: rest.to_owned(),
            query,
            fragment,
        });
    };
    let (server, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (user, server) = match server.rsplit_once('@') {
        Some((user, server)) => (Some(user), server),
        None => (None, server),
    };
    let (host, port) = match server.rsplit_once(':') {
        // A colon inside the brackets of an IPv6 address is none before a port.
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (server, ""),
    };
    if host.is_empty() && scheme != "file" {
        return Err("the URI has no host");
    }
    let port = match port {
        "" => None,
        digits => Some(
            digits
                .parse()
                .map_err(|_| "the port is no number up to 65535")?,
        ),
    };
    Ok(Uri {
        scheme,
        user,
        host: host.to_ascii_lowercase(),
        port,
        path: if path.is_empty() { "/" } else { path }.to_owned(),
        query,
        fragment,
    })
}

impl Uri<'_> {
    /// The port, by default that of the scheme.
    fn port(&self) -> Option<u16> {
        self.port.or(default_port(&self.scheme))
    }

    /// Host and port, the port only if it is not the default one.
    fn authority(&self) -> String {
        match self.port {
            Some(port) if Some(port) != default_port(&self.scheme) => {
                format!("{}:{port}", self.host)
            }
            _ => self.host.clone(),
        }
    }

    fn all(&self) -> String {
        let server = match (&self.user, self.host.is_empty() && self.scheme != "file") {
            (Some(user), _) => format!("//{user}@{}", self.authority()),
            (None, true) => String::new(),
            (None, false) => format!("//{}", self.authority()),
        };
        let Self {
            scheme,
            path,
            query,
            fragment,
            ..
        } = self;
        format!("{scheme}:{server}{path}{query}{fragment}")
    }

    fn host_type(&self) -> &'static str {
        let inner = self.host.trim_matches(['[', ']']);
        if self.host.is_empty() {
            "Basic"
        } else if inner.parse::<Ipv6Addr>().is_ok() {
            "IPv6"
        } else if inner.parse::<Ipv4Addr>().is_ok() {
            "IPv4"
        } else {
            "Dns"
        }
    }

    fn is_loopback(&self) -> bool {
        let inner = self.host.trim_matches(['[', ']']);
        inner == "localhost"
            || (inner.is_empty() && self.scheme == "file")
            || inner.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
            || inner.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback())
    }
}

fn boolean(value: bool) -> String {
    if value { "True" } else { "False" }.to_owned()
}

fn default_port(scheme: &str) -> Option<u16> {
    Some(match scheme {
        "http" | "ws" => 80,
        "https" | "wss" => 443,
        "ftp" => 21,
        "gopher" => 70,
        "ldap" => 389,
        "mailto" => 25,
        "net.tcp" => 808,
        "nntp" => 119,
        "telnet" => 23,
        _ => return None,
    })
}
