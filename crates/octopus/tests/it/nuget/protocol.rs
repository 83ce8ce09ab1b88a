//! The addresses of the feed one by one: what a client would not tell when it is wrong.

use serde_json::Value;

use crate::{
    http::{Answer, Http},
    packages,
    world::World,
};

fn world() -> World {
    let world = World::new();
    for (id, version) in [
        ("Acme.Api", "1.0.0"),
        ("Acme.Web", "1.9.0"),
        ("Acme.Web", "1.10.0"),
        ("Acme.Web", "2.0.0-beta"),
        ("Acme.Web", "2.0.0-rc.1"),
    ] {
        world.push(&packages::package(id, version, 1000, 1));
    }
    world
}

/// The packages of a page in Atom, and where the next page is.
fn read(answer: &Answer) -> (String, Option<String>) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let after = |text: &str, word: &str| text.split(word).nth(1).unwrap_or_default().to_owned();
    let until = |text: String, end: char| text.split(end).next().unwrap_or_default().to_owned();
    let entries = answer.text.split("<entry").skip(1).map(|entry| {
        let id = until(after(entry, "<d:Id>"), '<');
        let version = until(after(entry, "<d:NormalizedVersion>"), '<');
        format!("{id} {version}")
    });
    let next = answer.text.contains("rel=\"next\"").then(|| {
        let link = until(after(&answer.text, "rel=\"next\" href=\""), '"');
        let (_, path) = link.split_once("/nuget/").unwrap();
        format!("/nuget/{path}")
            .replace("&#38;", "&")
            .replace("&amp;", "&")
    });
    (entries.collect::<Vec<_>>().join(", "), next)
}

#[test]
fn odata_narrows_orders_counts_and_pages() {
    let world = world();
    let get = |path: &str| world.http.get(&format!("/nuget/v2/{path}"));
    for (path, expected) in [
        (
            "Packages",
            "Acme.Api 1.0.0, Acme.Web 1.9.0, Acme.Web 1.10.0, Acme.Web 2.0.0-beta",
        ),
        (
            "Packages()?$filter=IsLatestVersion&$orderby=Id%20desc",
            "Acme.Web 1.10.0, Acme.Api 1.0.0",
        ),
        (
            "Packages?$orderby=Version%20desc&$top=1&$skip=1",
            "Acme.Web 1.10.0",
        ),
        (
            "Packages?semVerLevel=2.0.0&$filter=IsAbsoluteLatestVersion",
            "Acme.Api 1.0.0, Acme.Web 2.0.0-rc.1",
        ),
        ("Packages(Id='acme.web',Version='1.10')", "Acme.Web 1.10.0"),
        (
            "FindPackagesById()?id='ACME.Web'&$filter=not%20IsPrerelease",
            "Acme.Web 1.9.0, Acme.Web 1.10.0",
        ),
        ("FindPackagesById()?id='Acme'", ""),
        (
            "Search()?searchTerm='api'&includePrerelease=false",
            "Acme.Api 1.0.0",
        ),
        (
            "Search()?searchTerm=''&includePrerelease=true&$filter=IsAbsoluteLatestVersion",
            "Acme.Api 1.0.0, Acme.Web 2.0.0-beta",
        ),
    ] {
        assert_eq!(read(&get(path)).0, expected, "{path}");
    }
    for (path, expected) in [
        ("Packages/$count", "4"),
        (
            "Packages()/$count?$filter=Id%20eq%20'Acme.Web'&semVerLevel=2.0.0",
            "4",
        ),
        ("Search()/$count?searchTerm='web'&$top=1", "1"),
    ] {
        assert_eq!(get(path).text, expected, "{path}");
    }
    assert!(
        get("Packages?$inlinecount=allpages&$top=1")
            .text
            .contains("<m:count>4</m:count>")
    );
    for (path, status) in [
        ("Packages?$filter=Id%20eq", 400),
        ("Packages?$top=many", 400),
        ("Packages?$expand=Owners", 400),
        ("FindPackagesById()", 400),
        ("Symbols", 404),
        ("Packages(Id='Acme.Web',Version='9.0')", 404),
        ("package/Acme.Web/9.0.0", 404),
    ] {
        get(path).refusal(status);
    }
    let metadata = get("$metadata").text;
    assert!(
        metadata.contains("EntityType Name=\"V2FeedPackage\""),
        "{metadata}"
    );
}

#[test]
fn a_long_list_is_read_page_by_page() {
    let world = World::new();
    for number in 0..120 {
        world.push(&packages::package(
            "Acme.Web",
            &format!("1.{number}.0"),
            1,
            number,
        ));
    }
    let first = world
        .http
        .get("/nuget/v2/FindPackagesById()?id='Acme.Web'&$orderby=Version");
    let (one, next) = read(&first);
    let (two, end) = read(&world.http.get(&next.unwrap()));
    assert_eq!(
        (one.split(", ").count(), two.split(", ").count()),
        (100, 20)
    );
    assert!(two.ends_with("Acme.Web 1.119.0"), "{two}");
    assert_eq!(end, None);
    // In v3, pages of 64 come with the index.
    let index = world
        .http
        .get("/nuget/v3/registration/acme.web/index.json")
        .expect(200);
    assert_eq!(index["items"][1]["items"].as_array().unwrap().len(), 56);
}

#[test]
fn v3_has_what_its_index_names() {
    let world = world();
    let nobody = world.anonymous();
    let index = "/nuget/v3/index.json";
    let refused = nobody.get(index);
    assert_eq!(
        refused.header("www-authenticate"),
        "Basic realm=\"Octopus\""
    );
    assert_eq!(refused.status, 401);
    let basic = |user: &str, password: &str| {
        use base64::{Engine, prelude::BASE64_STANDARD};
        let pair = BASE64_STANDARD.encode(format!("{user}:{password}"));
        nobody.with("Authorization", &format!("Basic {pair}"))
    };
    assert_eq!(basic("any", "API-WRONG").get(index).status, 401);
    let index = basic("any", &world.key).get(index).expect(200);
    let address = |kind: &str| {
        let resources = index["resources"].as_array().unwrap();
        let found = resources.iter().find(|one| one["@type"] == kind);
        let id = found.unwrap()["@id"].as_str().unwrap();
        id[id.find("/nuget").unwrap()..].to_owned()
    };
    let get = |path: String| world.http.get(&path);
    let versions = |items: &Value| {
        let leaves = items[0]["items"].as_array().unwrap().iter();
        let versions =
            leaves.map(|leaf| leaf["catalogEntry"]["version"].as_str().unwrap().to_owned());
        versions.collect::<Vec<_>>().join(" ")
    };
    let plain = get(format!(
        "{}acme.web/index.json",
        address("RegistrationsBaseUrl")
    ))
    .expect(200);
    assert_eq!(versions(&plain["items"]), "1.9.0 1.10.0 2.0.0-beta");
    let all = get(format!(
        "{}acme.web/index.json",
        address("RegistrationsBaseUrl/3.6.0")
    ));
    let all = all.expect(200);
    assert_eq!(
        versions(&all["items"]),
        "1.9.0 1.10.0 2.0.0-beta 2.0.0-rc.1"
    );
    let flat = address("PackageBaseAddress/3.0.0");
    let known = get(format!("{flat}acme.web/index.json")).expect(200);
    assert_eq!(known["versions"].as_array().unwrap().len(), 4);
    let nuspec = get(format!("{flat}acme.web/1.10.0/acme.web.nuspec")).text;
    assert!(nuspec.contains("<id>Acme.Web</id>"), "{nuspec}");
    let search = get(format!(
        "{}?q=acme&take=1&skip=1",
        address("SearchQueryService")
    ))
    .expect(200);
    assert_eq!(search["totalHits"], 2);
    assert_eq!(search["data"][0]["version"], "1.10.0");
    let complete = address("SearchAutocompleteService");
    let ids = get(format!("{complete}?q=WEB")).expect(200);
    assert_eq!(ids["data"][0], "Acme.Web");
    let versions = get(format!(
        "{complete}?id=acme.web&prerelease=true&semVerLevel=2.0.0"
    ))
    .expect(200);
    assert_eq!(versions["data"].as_array().unwrap().len(), 4);
    // Hidden, and shown again.
    let package = format!("{}/Acme.Web/1.10.0", address("PackagePublish/2.0.0"));
    let newest =
        || get("/nuget/v3/search?q=acme.web".to_owned()).expect(200)["data"][0]["version"].clone();
    assert_eq!(world.http.send("DELETE", &package, None).status, 204);
    assert_eq!(newest(), "1.9.0");
    assert_eq!(world.http.send("POST", &package, None).status, 200);
    assert_eq!(newest(), "1.10.0");
    world.http.get("/nuget/v3/unknown").refusal(404);
}

#[test]
fn a_download_may_be_conditional_or_in_part() {
    let world = world();
    let path = "/nuget/v3/flat/acme.web/1.10.0/acme.web.1.10.0.nupkg";
    let with = |name: &str, value: &str| world.http.with(name, value).get(path);
    let bytes = packages::package("Acme.Web", "1.10.0", 1000, 1);
    let whole = world.http.get(path);
    let tag = whole.header("etag").to_owned();
    let length = |answer: &Answer| answer.header("content-length").parse::<usize>().unwrap();
    assert_eq!((whole.status, length(&whole)), (200, bytes.len()));
    assert_eq!(whole.header("accept-ranges"), "bytes");
    let last = bytes.len() - 1;
    for (range, content_range, size) in [
        ("bytes=0-0", format!("bytes 0-0/{}", bytes.len()), 1),
        (
            "bytes=100-",
            format!("bytes 100-{last}/{}", bytes.len()),
            bytes.len() - 100,
        ),
        (
            "bytes=-7",
            format!("bytes {}-{last}/{}", bytes.len() - 7, bytes.len()),
            7,
        ),
    ] {
        let part = with("Range", range);
        assert_eq!(
            (part.status, part.header("content-range")),
            (206, content_range.as_str())
        );
        assert_eq!(length(&part), size);
    }
    let modified = whole.header("last-modified").to_owned();
    assert!(modified.ends_with(" GMT"), "{modified}");
    for (name, value, status) in [
        ("If-None-Match", tag.as_str(), 304),
        ("If-None-Match", "*", 304),
        ("If-None-Match", "\"other\"", 200),
        ("If-Modified-Since", &modified, 304),
        ("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT", 200),
        ("If-Match", "\"other\"", 412),
        ("If-Match", &tag, 200),
        ("Range", "bytes=99999-", 416),
        ("Range", "lines=1-2", 200),
    ] {
        let answer = with(name, value);
        assert_eq!(answer.status, status, "{name}: {value}: {}", answer.text);
    }
    let ranged = |tag: &str| {
        Http::with(&world.http, "If-Range", tag)
            .with("Range", "bytes=0-9")
            .get(path)
    };
    assert_eq!(ranged(&tag).status, 206);
    assert_eq!(ranged("\"other\"").status, 200);
}
