//! `octopus user`: people on the server, whether it runs or not. The way back in for who is
//! locked out.

use std::path::PathBuf;

use clap::Subcommand;

use crate::{
    access::{ADMINISTRATORS, Role},
    auth,
    data::Data,
    store::{
        Store,
        events::NewEvent,
        users::{NewUser, User},
    },
};

/// Where the server keeps everything.
#[derive(clap::Args)]
pub(super) struct Place {
    /// The server's data folder.
    #[arg(long, value_name = "DIR", env = "OCTOPUS_DATA")]
    data: PathBuf,
    /// The server's database, if it is not in its data folder.
    #[arg(
        long,
        value_name = "URL",
        env = "OCTOPUS_DATABASE",
        hide_env_values = true
    )]
    database: Option<String>,
}

#[derive(Subcommand)]
pub(super) enum Users {
    /// Makes a user with a password that is printed this once.
    Create {
        #[command(flatten)]
        place: Place,
        /// The user's name, for signing in.
        #[arg(long)]
        user: String,
        /// Makes an administrator; teams give other roles, by REST.
        #[arg(long)]
        administrator: bool,
    },
    /// Lists users.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Ends a user's sessions, and lets them neither sign in nor use their keys.
    Disable {
        #[command(flatten)]
        place: Place,
        /// Whose.
        #[arg(long)]
        user: String,
    },
    /// Gives a user a new password, which is printed this once; ends their sessions, and lets
    /// them in again when they were disabled.
    ResetPassword {
        #[command(flatten)]
        place: Place,
        /// Whose.
        #[arg(long)]
        user: String,
    },
}

impl Users {
    /// Does it.
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let place = match &self {
            Self::Create { place, .. }
            | Self::List { place }
            | Self::Disable { place, .. }
            | Self::ResetPassword { place, .. } => place,
        };
        let data = Data::new(&place.data, place.database.as_deref())?;
        let store = data.existing_store().await?;
        let done = match &self {
            Self::Create {
                user,
                administrator,
                ..
            } => create(&store, user.trim(), *administrator).await,
            Self::List { .. } => list(&store).await,
            Self::Disable { user, .. } => disable(&store, user).await,
            Self::ResetPassword { user, .. } => reset(&store, user).await,
        };
        store.close().await;
        done
    }
}

async fn create(store: &Store, name: &str, administrator: bool) -> anyhow::Result<()> {
    let is_plain = !name.is_empty()
        && name.chars().count() <= 100
        && !name.chars().any(|c| c.is_control() || c.is_whitespace());
    anyhow::ensure!(
        is_plain,
        "--user `{name}`: it takes 1 to 100 characters and no spaces"
    );
    let password = auth::new_password()?;
    let new = NewUser {
        username: name.to_owned(),
        password_hash: auth::hash_password(&password)?,
        is_active: true,
        ..NewUser::default()
    };
    let id = store.create_user(&new, &event("Created", "", name)).await?;
    if administrator {
        store.join_team(ADMINISTRATORS, id).await?;
    } else {
        let role = Role::Reader.name();
        eprintln!("{name} may do nothing until a team has them and a role such as {role}.");
    }
    println!("{password}");
    Ok(())
}

async fn list(store: &Store) -> anyhow::Result<()> {
    for user in store.users().await? {
        let standing = match (user.is_active, user.is_service) {
            (false, _) => "disabled",
            (true, true) => "program",
            (true, false) => "active",
        };
        println!("Users-{}\t{}\t{standing}", user.id, user.username);
    }
    Ok(())
}

async fn disable(store: &Store, name: &str) -> anyhow::Result<()> {
    let user = find(store, name).await?;
    let new = NewUser {
        is_active: false,
        ..same(&user)
    };
    let event = event("Modified", &format!("Users-{}", user.id), &user.username);
    store.change_user(user.id, &new, &event).await?;
    println!("{} is disabled.", user.username);
    Ok(())
}

async fn reset(store: &Store, name: &str) -> anyhow::Result<()> {
    let user = find(store, name).await?;
    let password = auth::new_password()?;
    let new = NewUser {
        password_hash: auth::hash_password(&password)?,
        is_active: true,
        is_service: false,
        ..same(&user)
    };
    let event = event("Modified", &format!("Users-{}", user.id), &user.username);
    store.change_user(user.id, &new, &event).await?;
    println!("{password}");
    Ok(())
}

/// The user with this name.
pub(super) async fn find(store: &Store, name: &str) -> anyhow::Result<User> {
    if let Some(user) = store.user_by_name(name).await? {
        return Ok(user);
    }
    let names = store.user_names().await?.join(", ");
    anyhow::bail!("there is no user `{name}`; give --user one of: {names}")
}

fn same(user: &User) -> NewUser {
    NewUser {
        username: user.username.clone(),
        password_hash: String::new(),
        display_name: user.display_name.clone(),
        email: user.email.clone(),
        is_active: user.is_active,
        is_service: user.is_service,
    }
}

/// Who stands at the server's own command line is called so.
fn event(category: &'static str, document: &str, user: &str) -> NewEvent {
    NewEvent {
        username: "system".to_owned(),
        category,
        document: document.to_owned(),
        message: format!("The user {user}, on the command line."),
        ..NewEvent::default()
    }
}
