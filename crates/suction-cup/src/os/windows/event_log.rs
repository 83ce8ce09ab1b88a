//! The event log of Windows, source `OctopusTentacle`.
#![allow(
    unsafe_code,
    reason = "calls of Windows; each block says why it is sound"
)]

use std::ptr::{null, null_mut};

use windows_sys::Win32::System::EventLog::{
    DeregisterEventSource, EVENTLOG_INFORMATION_TYPE, RegisterEventSourceW, ReportEventW,
};

/// The installer registers it with the message file of `EventCreate.exe`, in which the
/// messages 1 to 1000 are just the text given.
const SOURCE: &str = "OctopusTentacle";
const MESSAGE: u32 = 1;

/// Writes one event. What cannot be written is in the log file all the same.
pub(super) fn report(line: &str) {
    let (source, line) = (wide(SOURCE), wide(line));
    // SAFETY: the source is a text with its NUL; no server's name means this machine.
    let log = unsafe { RegisterEventSourceW(null(), source.as_ptr()) };
    if log.is_null() {
        return;
    }
    let lines = [line.as_ptr()];
    // SAFETY: one text with its NUL, as the count says, and no data; all outlive the call.
    // The handle is the one just opened, and is not used after it was closed.
    unsafe {
        ReportEventW(
            log,
            EVENTLOG_INFORMATION_TYPE,
            0,
            MESSAGE,
            null_mut(),
            1,
            0,
            lines.as_ptr(),
            null(),
        );
        DeregisterEventSource(log);
    }
}

fn wide(text: &str) -> Vec<u16> {
    // A NUL inside would end it.
    text.encode_utf16()
        .filter(|unit| *unit != 0)
        .chain([0])
        .collect()
}
