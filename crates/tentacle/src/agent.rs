//! The agent as a whole: opens what it needs, checks itself, serves, and ends in order.

use std::{
    fs, io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use channel::{Identity, Trust, listen};
use layout::{Home, RUN_NONCE, Stamp};
use nupkg::NuGetVersion;
use tokio::net::TcpListener;
use tonic::transport::Server;
use wire::v1::tentacle_server::TentacleServer;

use crate::{
    confirm::Confirmation,
    identity,
    packages::Packages,
    private::keep_private,
    register,
    service::Service,
    settings::{Settings, SettingsError},
    status::Facts,
    work::{Work, WorkError},
};

/// How long open calls may take to end once the process is to end.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(2);

/// How long running work may take to end once it is cancelled.
const CANCEL_PATIENCE: Duration = Duration::from_secs(10);

/// Why the agent can't run.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// The HOME itself.
    #[error("the HOME {path} can't be used; make it writable for this user")]
    Home {
        /// Its path.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// Its settings.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Its certificate.
    #[error(transparent)]
    Identity(#[from] identity::Error),
    /// Its tickets.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// Its port.
    #[error(
        "{address} can't be listened on; end the program that uses the port, or choose another \
         port or address with `tentacle configure`"
    )]
    Listen {
        /// Address and port.
        address: String,
        /// Why.
        source: io::Error,
    },
    /// The server's side of the link.
    #[error("the link ended")]
    Link(#[from] tonic::transport::Error),
    /// The certificate does not fit TLS.
    #[error("the certificate can't be used; make a new one with `tentacle new-certificate`")]
    Certificate(#[source] io::Error),
}

impl AgentError {
    /// Whether this very version can't work here, so that another one had better run.
    pub fn is_own_fault(&self) -> bool {
        matches!(
            self,
            Self::Settings(SettingsError::Damaged { .. } | SettingsError::Thumbprint { .. })
                | Self::Identity(identity::Error::Identity { .. })
                | Self::Certificate(_)
        )
    }
}

/// Serves until SIGTERM, Ctrl-C, or the end of an upgrade.
pub async fn run(home: Home, version: NuGetVersion) -> Result<(), AgentError> {
    prepare(&home)?;
    let settings = Settings::load(&home)?;
    let identity = identity::load_or_create(&home)?;
    let trust = settings.thumbprints(&home)?;
    let applications = settings.applications.clone();
    let applications = applications.unwrap_or_else(|| home.applications());
    let packages = Packages::new(&home);
    let work = Arc::new(Work::open(home.clone(), packages.clone(), applications)?);
    let wanted = SocketAddr::new(settings.listen_address, settings.port);
    let not_bound = |source| AgentError::Listen {
        address: wanted.to_string(),
        source,
    };
    let listener = TcpListener::bind(wanted).await.map_err(not_bound)?;
    // Port 0 stands for any that is free.
    let address = listener.local_addr().map_err(not_bound)?;
    let nonce = std::env::var(RUN_NONCE).ok();
    let stamp = Stamp::of_folder(&home.version_folder(&version));
    let confirmation = Arc::new(Confirmation::new(home.clone(), nonce.clone(), &stamp));
    let service = Service {
        facts: Facts {
            run: nonce.unwrap_or_else(|| format!("pid-{}", std::process::id())),
            started: Instant::now(),
            version: version.clone(),
        },
        packages,
        work: Arc::clone(&work),
        confirmation: Arc::clone(&confirmation),
        home: home.clone(),
    };
    let incoming = listen(listener, &identity, trust.clone()).map_err(AgentError::Certificate)?;
    tracing::info!(
        "Tentacle {version} listens on {address} (thumbprint {})",
        identity.thumbprint()
    );
    confirmation.self_checked();
    tokio::spawn(keep_registering(
        home,
        identity,
        trust,
        Arc::clone(&confirmation),
    ));
    let ended = Arc::new(tokio::sync::Notify::new());
    let serving = Server::builder()
        .http2_keepalive_interval(Some(Duration::from_secs(60)))
        .add_service(TentacleServer::new(service))
        .serve_with_incoming_shutdown(incoming, {
            let ended = Arc::clone(&ended);
            async move { ended.notified().await }
        });
    let end = async {
        tokio::select! {
            () = work.finished.notified() => tracing::info!("ends for the upgrade"),
            () = told_to_end() => {
                // Scripts end with the agent, and their outcome is written down.
                work.cancel_all();
                tracing::info!("told to end");
                let until = Instant::now() + CANCEL_PATIENCE;
                while !work.running().is_empty() && Instant::now() < until {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
        ended.notify_one();
        tokio::time::sleep(SHUTDOWN_PATIENCE).await;
    };
    tokio::select! {
        served = serving => served?,
        () = end => {}
    }
    Ok(())
}

/// Every folder that is written to is there and can be written.
fn prepare(home: &Home) -> Result<(), AgentError> {
    let failed = |path: &std::path::Path| {
        let path = path.display().to_string();
        move |source| AgentError::Home { path, source }
    };
    for folder in [
        home.config(),
        home.run(),
        home.log(),
        home.work(),
        home.packages(),
    ] {
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
    }
    for folder in [home.config(), home.work()] {
        // Worth running all the same: on a disk without rights nobody can do better.
        if let Err(error) = keep_private(&folder) {
            tracing::warn!(
                "other users may be able to read {} ({error}); check its permissions",
                folder.display()
            );
        }
    }
    let probe = home.run().join("writable");
    fs::write(&probe, "")
        .and_then(|()| fs::remove_file(&probe))
        .map_err(failed(&home.run()))
}

/// Does what the installer was told, for as long as it takes; and minds the contact.
async fn keep_registering(
    home: Home,
    identity: Identity,
    trust: Trust,
    confirmation: Arc<Confirmation>,
) {
    let own = identity.thumbprint();
    let mut pause = Duration::from_secs(1);
    let mut said = String::new();
    loop {
        let attempt = {
            let (home, trust) = (home.clone(), trust.clone());
            let attempt = move || match register::pending(&home)? {
                None => Ok(None),
                Some(wanted) => {
                    register::register(&home, &wanted, own, &trust).map(|()| Some(wanted.server))
                }
            };
            tokio::task::spawn_blocking(attempt).await
        };
        match attempt {
            Ok(Ok(None)) => break,
            Ok(Ok(Some(server))) => {
                tracing::info!("registered with {server}");
                confirmation.server_heard();
                if let Err(error) = fs::remove_file(register::path(&home)) {
                    tracing::warn!("the API key in register.json can't be removed: {error}");
                }
                break;
            }
            Ok(Err(error)) => {
                let text = channel::describe(&error);
                if text != said {
                    tracing::warn!("not registered: {text}; tries again");
                    said = text;
                }
            }
            Err(error) => tracing::error!("registering broke off: {error}"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(60));
    }
    let mut minutes = tokio::time::interval(Duration::from_secs(60));
    loop {
        minutes.tick().await;
        confirmation.watch_contact();
    }
}

async fn told_to_end() {
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = end_of_input();
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}

/// Windows knows no SIGTERM: there Suction Cup closes the standard input of its child.
#[cfg(not(unix))]
async fn end_of_input() {
    // In a console, where a person reads the log, the input may be anything.
    if std::env::var_os(RUN_NONCE).is_none() {
        return std::future::pending().await;
    }
    let (sender, ended) = tokio::sync::oneshot::channel();
    // A thread that blocks for ever does not hold up the end of the process.
    std::thread::spawn(move || {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let _ = sender.send(());
    });
    let _ = ended.await;
}
