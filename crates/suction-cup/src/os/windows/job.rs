//! Job objects: processes that end together. The standard library does not know them, and
//! no safe wrapper puts a suspended process into a job that ends with its handle.
#![allow(
    unsafe_code,
    reason = "calls of Windows; each block says why it is sound"
)]

use std::io;
use std::os::windows::io::{AsRawHandle as _, FromRawHandle as _, OwnedHandle};
use std::process::Child;
use std::ptr::null;

use windows_sys::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE,
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION, JOBOBJECT_EXTENDED_LIMIT_INFORMATION,
    JobObjectBasicAccountingInformation, JobObjectExtendedLimitInformation,
    QueryInformationJobObject, SetInformationJobObject, TerminateJobObject,
};
pub(super) use windows_sys::Win32::System::Threading::CREATE_SUSPENDED;

#[link(name = "ntdll")]
unsafe extern "system" {
    /// Lets all threads of a process run. As old as job objects, and the only way to them
    /// without the handle of the first thread, which the standard library closes.
    fn NtResumeProcess(process: *mut std::ffi::c_void) -> i32;
}

/// What a child that was ended by its job leaves as its exit code.
const ENDED_BY_JOB: u32 = 1;

/// Processes that end when this value is dropped, or this process ends.
#[derive(Debug)]
pub(super) struct Job(OwnedHandle);

impl Job {
    /// An empty one.
    ///
    /// # Errors
    /// Those of the operating system.
    pub(super) fn new() -> io::Result<Job> {
        // SAFETY: both arguments may be null: no name, default rights, not inherited.
        let handle = unsafe { CreateJobObjectW(null(), null()) };
        if handle.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: a handle that was just made, and that nobody else owns.
        let job = Job(unsafe { OwnedHandle::from_raw_handle(handle) });
        let mut limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION::default();
        limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
        // SAFETY: the structure is the one that this class of information names, with its
        // size, and outlives the call.
        let done = unsafe {
            SetInformationJobObject(
                job.0.as_raw_handle(),
                JobObjectExtendedLimitInformation,
                (&raw const limits).cast(),
                size_of_val(&limits) as u32,
            )
        };
        succeeded(done)?;
        Ok(job)
    }

    /// Takes in a process, and whatever it starts from now on.
    ///
    /// # Errors
    /// Those of the operating system.
    pub(super) fn assign(&self, child: &Child) -> io::Result<()> {
        // SAFETY: both handles are open as long as they are borrowed.
        succeeded(unsafe {
            AssignProcessToJobObject(self.0.as_raw_handle(), child.as_raw_handle())
        })
    }

    /// Ends every process in it.
    pub(super) fn terminate(&self) {
        // SAFETY: the handle is open. With nobody left in the job nothing happens.
        unsafe { TerminateJobObject(self.0.as_raw_handle(), ENDED_BY_JOB) };
    }

    /// How many processes are in it.
    pub(super) fn processes(&self) -> u32 {
        let mut found = JOBOBJECT_BASIC_ACCOUNTING_INFORMATION::default();
        // SAFETY: the structure is the one that this class of information names, with its
        // size, and outlives the call; the length written may go unasked.
        let done = unsafe {
            QueryInformationJobObject(
                self.0.as_raw_handle(),
                JobObjectBasicAccountingInformation,
                (&raw mut found).cast(),
                size_of_val(&found) as u32,
                std::ptr::null_mut(),
            )
        };
        succeeded(done).map_or(0, |()| found.ActiveProcesses)
    }
}

/// Lets a process run that was started suspended.
///
/// # Errors
/// Those of the operating system.
pub(super) fn resume(child: &Child) -> io::Result<()> {
    // SAFETY: the handle is open as long as it is borrowed, and has all rights.
    match unsafe { NtResumeProcess(child.as_raw_handle()) } {
        0.. => Ok(()),
        status => Err(io::Error::other(format!(
            "the process cannot be resumed (status {status:#x})"
        ))),
    }
}

fn succeeded(result: i32) -> io::Result<()> {
    match result {
        0 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}
