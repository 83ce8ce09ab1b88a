//! Ctrl-C while a task is watched: octo ends, the task goes on.

use std::sync::{Mutex, Once, PoisonError};

/// What a shell reports of a program that Ctrl-C ended.
pub(crate) const EXIT_CODE: u8 = 130;

static LAST_WORDS: Mutex<String> = Mutex::new(String::new());
static HANDLER: Once = Once::new();

/// From now on, Ctrl-C tells that these tasks go on, and ends the run with [`EXIT_CODE`].
pub(crate) fn tasks_go_on<S: AsRef<str>>(ids: &[S]) {
    let words = last_words(ids);
    *LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner) = words;
    // Where there can be no handler, the signal itself ends the run, without the words.
    HANDLER.call_once(|| drop(ctrlc::set_handler(end)));
}

fn end() {
    let words = LAST_WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    // The terminal has shown ^C, and maybe a bar, in this line.
    crate::output::error_line(&format!("\n{words}"));
    std::process::exit(i32::from(EXIT_CODE));
}

fn last_words<S: AsRef<str>>(ids: &[S]) -> String {
    match ids {
        [one] => {
            let id = one.as_ref();
            format!("{id} goes on. octo task watch {id} shows it, octo task cancel {id} stops it.")
        }
        _ => {
            let ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
            let ids = ids.join(" ");
            format!("The tasks go on. octo task wait {ids} waits for them again.")
        }
    }
}
