//! Transfers that go well, break off, or lie.

use std::time::SystemTime;

use super::*;

struct Fixture {
    _folder: tempfile::TempDir,
    packages: Packages,
    content: Vec<u8>,
    package: PackageRef,
}

fn fixture() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let content = b"the content of a package".to_vec();
    let package = PackageRef {
        id: "Acme".to_owned(),
        version: "1.0.0".to_owned(),
        sha256: Sha256::digest(&content).to_vec().into(),
        size: content.len() as u64,
        file_name: "Acme.1.0.0.nupkg".to_owned(),
    };
    Fixture {
        packages: Packages::new(&Home::new(folder.path())),
        _folder: folder,
        content,
        package,
    }
}

fn send(f: &Fixture, offset: usize, upto: usize) -> Result<u64, ReceiveError> {
    let mut receiving = f.packages.receive(&f.package, offset as u64)?;
    receiving.write(&Bytes::copy_from_slice(&f.content[offset..upto]))?;
    receiving.finish()
}

#[test]
fn goes_on_where_it_broke_off_and_is_there_only_when_whole() {
    let f = fixture();
    assert_eq!(send(&f, 0, 5).unwrap(), 5);
    assert_eq!(f.packages.received(&f.package).unwrap(), 5);
    assert_eq!(f.packages.find(&f.package).unwrap(), None);
    assert_eq!(send(&f, 5, f.content.len()).unwrap(), f.package.size);
    let path = f.packages.find(&f.package).unwrap().unwrap();
    assert_eq!(fs::read(path).unwrap(), f.content);
    assert_eq!(f.packages.received(&f.package).unwrap(), 0);
}

#[test]
fn damaged_content_is_not_kept() {
    let mut f = fixture();
    f.content[3] ^= 1;
    let error = send(&f, 0, f.content.len()).unwrap_err();
    assert!(matches!(error, ReceiveError::Damaged { .. }), "{error}");
    assert_eq!(f.packages.find(&f.package).unwrap(), None);
    assert_eq!(f.packages.received(&f.package).unwrap(), 0);
    f.content[3] ^= 1;
    assert!(send(&f, 0, f.content.len()).is_ok());
}

#[test]
fn what_makes_no_sense_is_refused() {
    let f = fixture();
    let gap = f.packages.receive(&f.package, 7).unwrap_err();
    assert!(
        matches!(
            gap,
            ReceiveError::Gap {
                offset: 7,
                length: 0
            }
        ),
        "{gap}"
    );
    let mut receiving = f.packages.receive(&f.package, 0).unwrap();
    assert!(matches!(
        f.packages.receive(&f.package, 0),
        Err(ReceiveError::Busy)
    ));
    let too_much = Bytes::from(vec![0; f.content.len() + 1]);
    assert!(receiving.write(&too_much).is_err());
    drop(receiving);
    let huge = PackageRef {
        size: u64::MAX,
        ..f.package.clone()
    };
    let error = f.packages.receive(&huge, 0).unwrap_err();
    assert!(matches!(error, ReceiveError::NoSpace { .. }), "{error}");
    let nameless = PackageRef {
        sha256: Bytes::from_static(b"short"),
        ..f.package.clone()
    };
    assert!(f.packages.path(&nameless).is_err());
}

#[test]
fn names_from_elsewhere_stay_in_the_folder() {
    let f = fixture();
    for name in ["../../x", "a./../../etc", "x.n/../../u", "", "."] {
        let package = PackageRef {
            file_name: name.to_owned(),
            ..f.package.clone()
        };
        let path = f.packages.path(&package).unwrap();
        assert_eq!(path.parent().unwrap(), f.packages.folder);
    }
}

#[test]
fn a_package_stays_as_long_as_it_is_promised() {
    let f = fixture();
    assert!(!f.packages.promise(&f.package).unwrap());
    send(&f, 0, f.content.len()).unwrap();
    assert!(f.packages.promise(&f.package).unwrap());
    let other = f.packages.clone();
    other.release(&f.package, true);
    assert!(f.packages.find(&f.package).unwrap().is_some());
    // What failed is likely to be tried again.
    other.release(&f.package, false);
    assert!(f.packages.find(&f.package).unwrap().is_some());
    other.release(&f.package, true);
    assert!(f.packages.find(&f.package).unwrap().is_none());
    other.release(&f.package, true);
}

#[test]
fn what_nobody_comes_back_for_goes_after_a_day() {
    let f = fixture();
    fs::create_dir(&f.packages.folder).unwrap();
    let file = |name: &str, age: Duration| {
        let file = File::create(f.packages.folder.join(name)).unwrap();
        file.set_modified(SystemTime::now() - age).unwrap();
    };
    let hour = Duration::from_secs(3600);
    let package = f.packages.path(&f.package).unwrap();
    file(package.file_name().unwrap().to_str().unwrap(), 25 * hour);
    file("old.part", 25 * hour);
    file("old.nupkg", 25 * hour);
    file("new.part", 23 * hour);
    file("new.nupkg", 23 * hour);
    assert!(f.packages.promise(&f.package).unwrap());
    let mut other = f.package.clone();
    other.sha256 = Sha256::digest("other").to_vec().into();
    drop(f.packages.receive(&other, 0).unwrap());
    let left = fs::read_dir(&f.packages.folder).unwrap();
    let mut left: Vec<_> = left.map(|entry| entry.unwrap().path()).collect();
    left.sort();
    let arriving = f.packages.path(&other).unwrap().with_extension("part");
    let mut expected = ["new.nupkg", "new.part"]
        .map(|name| f.packages.folder.join(name))
        .to_vec();
    expected.extend([arriving, package]);
    expected.sort();
    assert_eq!(left, expected);
}
