//! What the system limits of a process, told as failures.

/// Makes a write beyond the greatest size of a file (`ulimit -f`) an error with
/// a reason, as that on a full disk is. By default its signal ends the program
/// without a word.
#[cfg(unix)]
pub fn tell_of_large_files() {
    use rustix::process::{Resource, Signal, getrlimit};
    use tokio::signal::unix::{SignalKind, signal};
    if getrlimit(Resource::Fsize).current.is_none() {
        return;
    }
    // Whoever listens to a signal is not ended by it, and stays listed when the
    // runtime is gone.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build();
    if let Ok(runtime) = runtime {
        let _inside = runtime.enter();
        let _ = signal(SignalKind::from_raw(Signal::XFSZ.as_raw()));
    }
}

#[cfg(not(unix))]
pub fn tell_of_large_files() {}
