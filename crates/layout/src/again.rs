//! Looking again where a look failed.

use std::io;

/// More than one of them in a row is no stumble.
const TRIES: u32 = 3;

/// What a look brings. It is tried again where it fails for a reason that may pass at once, such
/// as a disk that stumbles: what is overlooked counts as not there, and stays so for long.
///
/// # Errors
/// Those of the last try. What is not there is looked for once.
pub(crate) fn look<T>(look: impl Fn() -> io::Result<T>) -> io::Result<T> {
    let mut tries = 1;
    loop {
        match look() {
            Err(error) if tries < TRIES && error.kind() != io::ErrorKind::NotFound => tries += 1,
            outcome => return outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io::{Error, ErrorKind};

    use super::look;

    /// How often it looks, and what it sees, when so many looks fail like this.
    fn check(failures: u32, kind: ErrorKind, expected: (u32, Result<(), ErrorKind>)) {
        let looks = Cell::new(0);
        let seen = look(|| {
            looks.set(looks.get() + 1);
            match looks.get() > failures {
                true => Ok(()),
                false => Err(Error::from(kind)),
            }
        });
        let seen = seen.map_err(|error| error.kind());
        assert_eq!((looks.get(), seen), expected, "{failures} {kind}");
    }

    #[test]
    fn a_stumble_passes_and_what_is_not_there_is_not_sought_again() {
        use ErrorKind::{NotFound, Other};
        check(0, Other, (1, Ok(())));
        check(1, Other, (2, Ok(())));
        check(2, Other, (3, Ok(())));
        check(3, Other, (3, Err(Other)));
        check(1, NotFound, (1, Err(NotFound)));
    }
}
