//! The server as a whole: opens what it needs, serves, and ends in order.

use std::{
    fs::{self, File, TryLockError},
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, bail};
use axum::{Router, middleware};
use channel::Identity;
use nupkg::NuGetVersion;
use tokio::{net::TcpListener, signal};

use crate::{
    app::App, auth, depot::Depot, error, fleet, nuget, rest, runner, store::Store, tentacles, web,
};

/// The database's file in the data folder.
pub const DATABASE: &str = "octopus.db";

/// How long open requests may take to end once the server is told to.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(3);

/// What `octopus serve` is told.
#[derive(Debug)]
pub struct Settings {
    /// The version of this build.
    pub version: NuGetVersion,
    /// Folder of everything that the server keeps.
    pub data: PathBuf,
    /// Where the portal and the API listen.
    pub listen: SocketAddr,
    /// Folder of Tentacle packages; `None`: `tentacles` beside the program.
    pub tentacle_packages: Option<PathBuf>,
    /// Time between two looks at each machine.
    pub health_interval: Duration,
    /// How long a machine may stay silent before its part of a task fails.
    pub patience: Duration,
}

/// Serves until SIGTERM or Ctrl-C.
pub async fn serve(settings: Settings) -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info")),
        )
        .with_writer(std::io::stderr)
        .with_target(false)
        .init();
    let data = &settings.data;
    fs::create_dir_all(data).with_context(|| {
        let data = data.display();
        format!("the data folder {data} can't be made; give one that this user can write")
    })?;
    let _lock = lock(data)?;
    // Before anything is stored: a start that fails leaves no half-made server behind.
    let listener = TcpListener::bind(settings.listen).await.with_context(|| {
        let listen = settings.listen;
        format!(
            "{listen} can't be listened on; another program may use it: give --listen another port"
        )
    })?;
    let store = Store::open(&data.join(DATABASE))
        .await
        .with_context(|| format!("the database in {} can't be opened", data.display()))?;
    let depot = Depot::open(&data.join("packages"))
        .with_context(|| format!("the package folder in {} can't be used", data.display()))?;
    let app = App::new(
        settings.version,
        store,
        depot,
        identity(data)?,
        settings.patience,
    )?;
    first_user(&app).await?;
    let folder = match settings.tentacle_packages {
        Some(folder) => folder,
        None => std::env::current_exe()?.with_file_name("tentacles"),
    };
    let carried = tentacles::import(&app, &folder).await?;
    if carried == 0 {
        tracing::warn!(
            "no Tentacle package of version {} in {}: Tentacles can't be upgraded to it",
            app.version,
            folder.display()
        );
    }
    nuget::catch_up(&app).await?;
    runner::resume(&app).await?;
    tokio::spawn(fleet::keep_checking(app.clone(), settings.health_interval));
    println!(
        "Octopus {} serves http://{} (thumbprint {})",
        app.version,
        listener.local_addr()?,
        app.identity.thumbprint()
    );
    let serving = axum::serve(listener, router(app.clone())).with_graceful_shutdown(told_to_end());
    let patience = async {
        told_to_end().await;
        tokio::time::sleep(SHUTDOWN_PATIENCE).await;
    };
    tokio::select! {
        served = serving => served.context("the server ended")?,
        () = patience => {}
    }
    app.store.close().await;
    Ok(())
}

/// Every route, behind the checks that all of them share.
pub fn router(app: App) -> Router {
    rest::routes()
        .merge(nuget::routes())
        .merge(web::routes())
        .layer(middleware::from_fn_with_state(
            app.clone(),
            auth::check_csrf,
        ))
        .layer(middleware::from_fn(error::refuse_in_json))
        .with_state(app)
}

/// Two servers on one data folder would run every task twice.
fn lock(data: &Path) -> anyhow::Result<File> {
    let path = data.join("lock");
    let file = File::create(&path).with_context(|| {
        let path = path.display();
        format!("{path} can't be written; give a data folder that this user can write")
    })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let data = data.display();
            bail!("another octopus serves {data} already; stop it, or give another --data folder")
        }
        Err(TryLockError::Error(error)) => Err(error).context("the data folder can't be locked"),
    }
}

/// The server's certificate; made at the first start.
fn identity(data: &Path) -> anyhow::Result<Identity> {
    let path = data.join("identity.pem");
    match fs::read_to_string(&path) {
        Ok(text) => Identity::from_pem(&text)
            .with_context(|| format!("{} is damaged; restore it from a backup", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let (identity, text) = Identity::generate("Octopus")?;
            write_secret(&path, &text)
                .with_context(|| format!("{} can't be written", path.display()))?;
            Ok(identity)
        }
        Err(error) => Err(error).with_context(|| format!("{} can't be read", path.display())),
    }
}

/// Writes a file that only this user can read, whole or not at all.
fn write_secret(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let folder = path.parent().unwrap_or(Path::new("."));
    // Made with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// The user `admin`, at the first start.
async fn first_user(app: &App) -> anyhow::Result<()> {
    if app.store.count_users().await? > 0 {
        return Ok(());
    }
    let given = std::env::var("OCTOPUS_ADMIN_PASSWORD").ok();
    let given = given.filter(|password| !password.is_empty());
    let password = match &given {
        Some(password) => password.clone(),
        None => auth::new_password()?,
    };
    let hash = tokio::task::spawn_blocking({
        let password = password.clone();
        move || auth::hash_password(&password)
    });
    app.store.create_user("admin", &hash.await??).await?;
    if given.is_none() {
        println!("The user admin was made, with the password {password} (shown this once).");
    }
    Ok(())
}

async fn told_to_end() {
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        _ = signal::ctrl_c() => {}
        () = terminate => {}
    }
}
