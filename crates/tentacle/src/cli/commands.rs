//! The commands that set an instance up.

use std::{
    net::{IpAddr, SocketAddr, TcpListener},
    path::PathBuf,
};

use channel::{Thumbprint, Trust};
use clap::Args;
use layout::Home;

use super::Instance;
use crate::{
    agent::AgentError,
    identity,
    register::{self, Registration},
    settings::Settings,
};

/// `tentacle register-with`
#[derive(Args)]
pub(super) struct RegisterWith {
    #[command(flatten)]
    instance: Instance,
    /// Address of the server's portal, such as `https://octopus.example.com`.
    #[arg(long, value_name = "URL")]
    server: String,
    /// A key of the server; better given in the environment.
    #[arg(long, env = "OCTOPUS_API_KEY", hide_env_values = true)]
    api_key: String,
    /// An environment of the server; may be repeated.
    #[arg(long, required = true)]
    environment: Vec<String>,
    /// A role (target tag); may be repeated.
    #[arg(long, required = true)]
    role: Vec<String>,
    /// The machine's name in the portal [default: its host name].
    #[arg(long)]
    name: Option<String>,
    /// Under which the server reaches this machine [default: its host name].
    #[arg(long)]
    public_host_name: Option<String>,
}

impl RegisterWith {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let home = self.instance.home();
        let own = identity::load_or_create(&home)?.thumbprint();
        let wanted = Registration {
            server: self.server,
            api_key: self.api_key,
            environments: self.environment,
            roles: self.role,
            name: self.name,
            public_host_name: self.public_host_name,
        };
        register::register(&home, &wanted, own, &Trust::default())?;
        println!(
            "Registered with {}; a running agent has to be restarted.",
            wanted.server
        );
        Ok(())
    }
}

/// `tentacle configure`
#[derive(Args)]
pub(super) struct Configure {
    #[command(flatten)]
    instance: Instance,
    /// TCP port that the server calls.
    #[arg(long)]
    port: Option<u16>,
    /// Address to listen on.
    #[arg(long, value_name = "ADDRESS")]
    listen_address: Option<IpAddr>,
    /// Change nothing when another program has the port; for installers, while no Tentacle runs here.
    #[arg(long)]
    check_port: bool,
    /// Where applications are installed.
    #[arg(long, value_name = "DIR")]
    app: Option<PathBuf>,
    /// The thumbprint of a server that may call; may be repeated.
    #[arg(long, value_name = "THUMBPRINT")]
    trust: Vec<Thumbprint>,
}

impl Configure {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let home = self.instance.home();
        let mut settings = Settings::load(&home)?;
        settings.port = self.port.unwrap_or(settings.port);
        settings.listen_address = self.listen_address.unwrap_or(settings.listen_address);
        if self.check_port {
            let address = SocketAddr::new(settings.listen_address, settings.port);
            TcpListener::bind(address).map_err(|source| AgentError::Listen {
                address: address.to_string(),
                source,
            })?;
        }
        settings.applications = self.app.or(settings.applications);
        for thumbprint in self.trust {
            settings.trust(thumbprint, "");
        }
        settings.store(&home)?;
        Ok(())
    }
}

pub(super) fn show_configuration(home: &Home) -> anyhow::Result<()> {
    let settings = Settings::load(home)?;
    println!("{}", serde_json::to_string_pretty(&settings)?);
    Ok(())
}

pub(super) fn new_certificate(home: &Home) -> anyhow::Result<()> {
    println!("{}", identity::create(home)?.thumbprint());
    Ok(())
}

pub(super) fn show_thumbprint(home: &Home) -> anyhow::Result<()> {
    println!("{}", identity::load_or_create(home)?.thumbprint());
    Ok(())
}
