//! The portal, as a browser would use it: sign-in, pages, forms, cookies.

use anyhow::{Context, ensure};

use super::rest::agent;

/// A signed-in browser without JavaScript.
pub(crate) struct Portal {
    agent: ureq::Agent,
    address: String,
    cookie: String,
}

/// A page with its status.
struct Answer {
    status: u16,
    location: String,
    cookie: String,
    html: String,
}

impl Portal {
    /// Signs in by the form.
    pub(crate) fn sign_in(address: &str, username: &str, password: &str) -> anyhow::Result<Self> {
        let mut portal = Self {
            agent: agent(),
            address: address.to_owned(),
            cookie: String::new(),
        };
        let refused = portal.get("/environments")?;
        ensure!(refused.status == 303, "a stranger gets {}", refused.status);
        let form = portal.get("/signin")?;
        portal.cookie = form.cookie;
        let csrf = field(&form.html, "csrf")?;
        let fields = [
            ("username", username),
            ("password", password),
            ("csrf", &csrf),
        ];
        let answer = portal.post("/signin", &fields)?;
        ensure!(answer.status == 303, "sign-in gives {}", answer.status);
        portal.cookie = answer.cookie;
        Ok(portal)
    }

    /// The HTML of a page.
    pub(crate) fn page(&self, path: &str) -> anyhow::Result<String> {
        let answer = self.get(path)?;
        ensure!(answer.status == 200, "{path} gives {}", answer.status);
        Ok(answer.html)
    }

    /// Presses the button of the form on a page: sends its hidden fields where it says.
    /// Gives the path that the browser is sent to, and the form's own address.
    pub(crate) fn press(&self, page: &str) -> anyhow::Result<(String, String)> {
        let html = self.page(page)?;
        let (_, form) = html
            .split_once("class=\"actions\"")
            .context("the page has no form")?;
        let (before, _) = html.split_once("class=\"actions\"").unwrap_or_default();
        let action = last_attribute(before, "action").context("a form without an address")?;
        let (form, _) = form
            .split_once("</form>")
            .context("a form without an end")?;
        let fields = hidden_fields(form);
        let pairs: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let answer = self.post(&action, &pairs)?;
        ensure!(
            answer.status == 303,
            "{action} gives {}: {}",
            answer.status,
            answer.html
        );
        Ok((answer.location, action))
    }

    fn get(&self, path: &str) -> anyhow::Result<Answer> {
        let url = format!("{}{path}", self.address);
        let request = self.agent.get(&url).header("Cookie", &self.cookie);
        answer(request.call().with_context(|| path.to_owned())?)
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<Answer> {
        let url = format!("{}{path}", self.address);
        let request = self.agent.post(&url).header("Cookie", &self.cookie);
        let form = fields.iter().copied();
        answer(request.send_form(form).with_context(|| path.to_owned())?)
    }
}

fn answer(mut response: ureq::http::Response<ureq::Body>) -> anyhow::Result<Answer> {
    let text = |name: &str| {
        let value = response.headers().get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or("")
            .to_owned()
    };
    let cookie = text("set-cookie");
    let cookie = cookie.split(';').next().unwrap_or("").to_owned();
    let (status, location) = (response.status().as_u16(), text("location"));
    Ok(Answer {
        status,
        location,
        cookie,
        html: response.body_mut().read_to_string()?,
    })
}

fn hidden_fields(form: &str) -> Vec<(String, String)> {
    form.split("<input ")
        .filter(|input| input.contains("type=\"hidden\""))
        .filter_map(|input| {
            Some((
                last_attribute(input, "name")?,
                last_attribute(input, "value")?,
            ))
        })
        .collect()
}

fn field(html: &str, name: &str) -> anyhow::Result<String> {
    let fields = hidden_fields(html);
    let found = fields.into_iter().find(|(known, _)| known == name);
    found
        .map(|(_, value)| value)
        .with_context(|| format!("no field {name}"))
}

/// The value of an attribute's last occurrence. The demo's values need no unescaping.
fn last_attribute(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.rsplit_once(&format!("{name}=\""))?;
    rest.split_once('"').map(|(value, _)| value.to_owned())
}
