//! A Windows service when the service manager starts it, and a console program else.

use std::ffi::OsString;
use std::io::{Write as _, stderr};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use windows_service::service::{
    ServiceAccess, ServiceAction, ServiceActionType, ServiceControl, ServiceControlAccept,
    ServiceExitCode, ServiceFailureActions, ServiceFailureResetPeriod, ServiceState, ServiceStatus,
    ServiceType,
};
use windows_service::service_control_handler::{
    ServiceControlHandlerResult, ServiceStatusHandle, register,
};
use windows_service::service_manager::{ServiceManager, ServiceManagerAccess};
use windows_service::{define_windows_service, service_dispatcher};

use super::event_log;
use crate::driver::StartError;
use crate::os::Message;

type Work = Box<dyn FnOnce() -> Result<ExitCode, StartError> + Send>;

/// For the service manager calls a function that gets no context.
static WORK: Mutex<Option<Work>> = Mutex::new(None);
static STATUS: OnceLock<ServiceStatusHandle> = OnceLock::new();
static IS_SERVICE: AtomicBool = AtomicBool::new(false);

/// Longer than Tentacle may take to end.
const STOPPING: Duration = Duration::from_secs(40);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

define_windows_service!(ffi_service_main, service_main);

/// Does the work as a service, or in the console when no service manager is there.
pub(crate) fn supervise(
    work: impl FnOnce() -> Result<ExitCode, StartError> + Send + 'static,
) -> Result<ExitCode, StartError> {
    *WORK.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(work));
    // For the only service of a process the name counts for nothing.
    let served = service_dispatcher::start("", ffi_service_main);
    match (served, take_work()) {
        (Err(_), Some(work)) => {
            ctrlc::set_handler(|| super::send(Message::Stop))
                .map_err(|error| StartError::System(std::io::Error::other(error)))?;
            work()
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// A line for the system's own log.
pub(crate) fn tell(line: &str) {
    if IS_SERVICE.load(Ordering::Relaxed) {
        event_log::report(line);
    } else {
        // A closed standard error must not end the supervisor.
        let _ = writeln!(stderr(), "{line}");
    }
}

fn take_work() -> Option<Work> {
    WORK.lock().unwrap_or_else(PoisonError::into_inner).take()
}

fn service_main(arguments: Vec<OsString>) {
    IS_SERVICE.store(true, Ordering::Relaxed);
    let name = arguments.into_iter().next().unwrap_or_default();
    let status = match register(&name, control) {
        Ok(status) => *STATUS.get_or_init(|| status),
        Err(error) => return tell(&format!("the service manager does not answer: {error}")),
    };
    report(status, ServiceState::Running, 0);
    if let Err(error) = restart_on_failure(&name) {
        tell(&format!(
            "the recovery actions of the service {} cannot be set: {error}",
            name.display()
        ));
    }
    let code = match take_work().map(|work| work()) {
        Some(Err(error)) => {
            tell(&error.to_string());
            1
        }
        _ => 0,
    };
    report(status, ServiceState::Stopped, code);
}

fn control(control: ServiceControl) -> ServiceControlHandlerResult {
    match control {
        ServiceControl::Stop | ServiceControl::Shutdown | ServiceControl::Preshutdown => {
            if let Some(status) = STATUS.get() {
                report(*status, ServiceState::StopPending, 0);
            }
            super::send(Message::Stop);
            ServiceControlHandlerResult::NoError
        }
        // What SIGHUP is elsewhere.
        ServiceControl::ParamChange => {
            super::send(Message::Reload);
            ServiceControlHandlerResult::NoError
        }
        ServiceControl::Interrogate => ServiceControlHandlerResult::NoError,
        _ => ServiceControlHandlerResult::NotImplemented,
    }
}

fn report(status: ServiceStatusHandle, state: ServiceState, code: u32) {
    let accepted = ServiceControlAccept::STOP
        | ServiceControlAccept::PRESHUTDOWN
        | ServiceControlAccept::PARAM_CHANGE;
    let runs = state == ServiceState::Running;
    let wait = state == ServiceState::StopPending;
    // Nobody else is there to tell when the service manager does not listen.
    let _ = status.set_service_status(ServiceStatus {
        service_type: ServiceType::OWN_PROCESS,
        current_state: state,
        controls_accepted: if runs {
            accepted
        } else {
            ServiceControlAccept::empty()
        },
        exit_code: match code {
            0 => ServiceExitCode::NO_ERROR,
            code => ServiceExitCode::ServiceSpecific(code),
        },
        checkpoint: u32::from(wait),
        wait_hint: if wait { STOPPING } else { Duration::ZERO },
        process_id: None,
    });
}

/// Has the service manager start it again should it ever be killed. Set at each start, since
/// installers differ in what they can set.
fn restart_on_failure(name: &OsString) -> windows_service::Result<()> {
    let manager = ServiceManager::local_computer(None::<&str>, ServiceManagerAccess::CONNECT)?;
    // A service may only be told to restart with the right to start it.
    let rights = ServiceAccess::CHANGE_CONFIG | ServiceAccess::START;
    let service = manager.open_service(name, rights)?;
    let restart = |seconds| ServiceAction {
        action_type: ServiceActionType::Restart,
        delay: Duration::from_secs(seconds),
    };
    service.update_failure_actions(ServiceFailureActions {
        reset_period: ServiceFailureResetPeriod::After(DAY),
        reboot_msg: None,
        command: None,
        actions: Some(vec![restart(1), restart(10), restart(60)]),
    })?;
    service.set_failure_actions_on_non_crash_failures(true)
}
