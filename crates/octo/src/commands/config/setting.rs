//! One setting of the file, by its name.

use clap::ValueEnum;

use crate::client::{Address, ApiKey};
use crate::config::Config;
use crate::error::Error;
use crate::output::Format;

/// A setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    Url,
    ApiKey,
    AccessToken,
    Space,
    OutputFormat,
    NoPrompt,
}

/// Every setting, in the order in which they are listed.
pub(super) const ALL: [Setting; 6] = [
    Setting::Url,
    Setting::ApiKey,
    Setting::AccessToken,
    Setting::Space,
    Setting::OutputFormat,
    Setting::NoPrompt,
];

impl Setting {
    /// The one that is called so, in any case.
    ///
    /// # Errors
    /// When none is.
    pub(super) fn named(name: &str) -> Result<Self, Error> {
        let lower = name.to_lowercase().replace(['-', '_'], "");
        let lower = if lower == "server" { "url" } else { &lower };
        let found = ALL
            .into_iter()
            .find(|one| one.name().to_lowercase() == lower);
        found.ok_or_else(|| Error::Unknown {
            kind: "setting",
            name: name.to_owned(),
            known: ALL.map(|one| one.name().to_owned()).to_vec(),
        })
    }

    /// As it is written.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Url => "Url",
            Self::ApiKey => "ApiKey",
            Self::AccessToken => "AccessToken",
            Self::Space => "Space",
            Self::OutputFormat => "OutputFormat",
            Self::NoPrompt => "NoPrompt",
        }
    }

    /// Its value must not be seen.
    pub(super) fn is_secret(self) -> bool {
        matches!(self, Self::ApiKey | Self::AccessToken)
    }

    /// Its value as it is shown; empty when it is not set. Secrets are stars.
    pub(super) fn shown(self, config: &Config) -> String {
        let secret = |value: &Option<ApiKey>| value.as_ref().map(|_| "***".to_owned());
        let value = match self {
            Self::Url => config.server.clone(),
            Self::ApiKey => secret(&config.api_key),
            Self::AccessToken => secret(&config.access_token),
            Self::Space => config.space.clone(),
            Self::OutputFormat => config
                .output_format
                .and_then(|format| format.to_possible_value())
                .map(|value| value.get_name().to_owned()),
            Self::NoPrompt => config.no_prompt.map(|value| value.to_string()),
        };
        value.unwrap_or_default()
    }

    /// Sets it; an empty value unsets it.
    ///
    /// # Errors
    /// When it cannot have that value.
    pub(super) fn set(self, config: &mut Config, value: &str) -> Result<(), Error> {
        let value = Some(value.trim()).filter(|value| !value.is_empty());
        let text = || value.map(str::to_owned);
        match self {
            Self::Url => {
                let address = value.map(str::parse::<Address>).transpose()?;
                config.server = address.map(|address| address.to_string());
            }
            Self::ApiKey => config.api_key = value.map(ApiKey::new),
            Self::AccessToken => config.access_token = value.map(ApiKey::new),
            Self::Space => config.space = text(),
            Self::OutputFormat => {
                let format = value.map(|value| Format::from_str(value, true)).transpose();
                config.output_format =
                    format.map_err(|_| self.refused(value, "json, table or basic"))?;
            }
            Self::NoPrompt => {
                let lower = value.map(str::to_lowercase);
                let choice = lower.as_deref().map(str::parse).transpose();
                config.no_prompt = choice.map_err(|_| self.refused(value, "true or false"))?;
            }
        }
        Ok(())
    }

    fn refused(self, value: Option<&str>, allowed: &str) -> Error {
        let (name, value) = (self.name(), value.unwrap_or_default());
        Error::usage(
            format!("{name} cannot be \"{value}\"."),
            format!("It is {allowed}."),
        )
    }
}
