//! The server as a whole: opens what it needs, serves, and ends in order.

use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    time::Duration,
};

use anyhow::Context;
use axum::{
    Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use conductor::retention::Retention;
use nupkg::NuGetVersion;
use tokio::signal;

use crate::{
    access::{self, ADMINISTRATORS},
    app::App,
    auth,
    data::Data,
    depot::{Depot, Place},
    error, feed, fleet, nuget,
    operate::{
        self, Proxies, Tls,
        traces::{self, Collector, Traces},
    },
    rest, runner,
    store::{events::NewEvent, users::NewUser},
    tentacles, web,
};

/// What `octopus serve` is told.
#[derive(Debug)]
pub struct Settings {
    /// The version of this build.
    pub version: NuGetVersion,
    /// Where the server keeps everything.
    pub data: Data,
    /// Where the packages are; `None`: the folder `packages` in the data folder.
    pub packages: Option<Place>,
    /// Where the portal and the API listen.
    pub listen: SocketAddr,
    /// Folder of Tentacle packages; `None`: `tentacles` beside the program.
    pub tentacle_packages: Option<PathBuf>,
    /// Time between two looks at each machine.
    pub health_interval: Duration,
    /// What is kept of each package; `None`: everything.
    pub retention: Option<Retention>,
    /// For how long a file that no package has is kept.
    pub grace: Duration,
    /// How long a machine may stay silent before its part of a task fails.
    pub patience: Duration,
    /// So many deployments and scripts are worked on at one time; `None`: all.
    pub task_cap: Option<usize>,
    /// Own certificate; `None`: in clear, for loopback or behind a proxy.
    pub tls: Option<Tls>,
    /// Whose word on the browser behind it counts.
    pub proxies: Proxies,
    /// Where traces go; `None`: nowhere.
    pub traces: Option<Collector>,
    /// How the server's own log looks.
    pub log_format: operate::log::Format,
}

/// Serves until SIGTERM or Ctrl-C.
pub async fn serve(settings: Settings) -> anyhow::Result<()> {
    let traces = settings.traces.as_ref();
    let traces = traces.map(|collector| Traces::to(collector, &settings.version));
    let traces = traces.transpose()?;
    operate::log::start(settings.log_format, traces.as_ref());
    let tls = settings.tls.as_ref().map(Tls::load).transpose()?;
    let data = &settings.data;
    let _lock = data.take()?;
    // Before anything is stored: a start that fails leaves no half-made server behind.
    let listener = TcpListener::bind(settings.listen).with_context(|| {
        let listen = settings.listen;
        format!(
            "{listen} can't be listened on; another program may use it: give --listen another port"
        )
    })?;
    let store = data.store().await?;
    let folder = &data.folder;
    let packages = match &settings.packages {
        Some(packages) => packages.clone(),
        None => Place::Folder(folder.join("packages")),
    };
    let home = data.home()?;
    let depot = Depot::serve(&packages, folder, &home)
        .await
        .with_context(|| format!("packages can't be kept in {packages}"))?;
    let app = App::new(
        settings.version,
        store,
        depot,
        data.identity()?,
        settings.patience,
    )?;
    let scripts = data.folder.join("scripts");
    app.runner
        .set_up(settings.task_cap, &scripts)
        .with_context(|| format!("{} can't be emptied for scripts", scripts.display()))?;
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
    runner::resume(&app, &home).await?;
    if app.store.is_shared() {
        tokio::spawn(runner::keep_alive(app.clone(), home));
    }
    tokio::spawn(fleet::keep_checking(app.clone(), settings.health_interval));
    let tidy = feed::retention::keep_tidy(app.clone(), settings.retention, settings.grace);
    tokio::spawn(tidy);
    println!(
        "Octopus {} serves {}://{} (thumbprint {})",
        app.version,
        if tls.is_some() { "https" } else { "http" },
        listener.local_addr()?,
        app.identity.thumbprint()
    );
    let ending = app.clone();
    let end = async move {
        told_to_end().await;
        ending.end();
    };
    let router = router(app.clone());
    operate::serve(listener, tls, settings.proxies, router, &app.depot, end)
        .await
        .context("the server ended")?;
    app.runner.end_scripts().await;
    if let Err(error) = app.store.leave().await {
        tracing::warn!(
            "others will wait for this server: {}",
            channel::describe(&error)
        );
    }
    app.store.close().await;
    if let Some(traces) = traces {
        traces.end().await;
    }
    Ok(())
}

/// Every route, behind the checks that all of them share.
pub fn router(app: App) -> Router {
    rest::routes()
        .merge(nuget::routes())
        .merge(web::routes())
        .merge(operate::routes())
        .layer(middleware::from_fn_with_state(app.clone(), around))
        .with_state(app)
}

/// What happens around every handler, the outermost first. One layer, for each one of axum copies,
/// for each request, all the layers that lie in it.
async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let checked = async |request| match auth::check_csrf(&app, request).await {
        Ok(request) => access::check(&app, request, next).await,
        Err(forged) => forged.into_response(),
    };
    let shaped = async |request| error::refuse_in_json(request, checked).await;
    let counted = async |request| operate::count(&app, request, shaped).await;
    let traced = async |request| traces::trace(request, counted).await;
    operate::hear_out(request, traced).await
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
    let admin = NewUser {
        username: "admin".to_owned(),
        password_hash: hash.await??,
        is_active: true,
        ..NewUser::default()
    };
    let event = NewEvent {
        username: "admin".to_owned(),
        category: "Created",
        message: "The user admin was created at the first start.".to_owned(),
        ..NewEvent::default()
    };
    let id = app.store.create_user(&admin, &event).await?;
    app.store.join_team(ADMINISTRATORS, id).await?;
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
