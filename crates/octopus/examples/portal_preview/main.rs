//! Renders every page of the portal with sample data into a folder, to look at:
//! `cargo run -p octopus --example portal_preview -- FOLDER`, then serve the folder
//! with any static web server.

mod fleet;
mod pages;
mod tasks;

use std::path::Path;
use std::{env, error, fs};

use jiff::Timestamp;
use octopus::portal::assets;

fn main() -> Result<(), Box<dyn error::Error>> {
    let folder = env::args().nth(1).ok_or("name the folder to write to")?;
    let folder = Path::new(&folder);
    let pages = pages::all(Timestamp::now())?;
    for (path, html) in &pages {
        let place = folder.join(path.trim_start_matches('/'));
        fs::create_dir_all(&place)?;
        fs::write(place.join("index.html"), html)?;
    }
    let place = folder.join("assets");
    fs::create_dir_all(&place)?;
    for name in assets::names() {
        let asset = assets::asset(name).ok_or("an asset that is listed is missing")?;
        fs::write(place.join(name), asset.bytes)?;
    }
    for (path, _) in &pages {
        println!("{path}");
    }
    Ok(())
}
