//! Puts the stage in the output's place.

use std::path::Path;

use super::StagePlace;
use crate::io::{Failure, Result, is_own_folder};

/// Finishes a swap in two steps that was cut off: the old output goes back to
/// its place.
pub fn recover(output: &Path, place: &StagePlace) -> Result<()> {
    let aside = place.aside();
    if aside.symlink_metadata().is_err() {
        return Ok(());
    }
    if !is_own_folder(&aside) {
        // No swap has left it.
        return std::fs::remove_file(&aside).map_err(|e| Failure::at("remove", &aside, &e));
    }
    if output.symlink_metadata().is_ok() {
        // The swap had been done, only the old output was still there.
        std::fs::remove_dir_all(&aside).map_err(|e| Failure::at("remove", &aside, &e))
    } else {
        std::fs::rename(&aside, output).map_err(|e| Failure::at("restore", output, &e))
    }
}

/// Swaps: from now on the output is what was staged, and the stage is what was
/// published.
pub fn swap(output: &Path, place: &StagePlace) -> Result<()> {
    let stage = place.stage();
    let failed = |error: std::io::Error| {
        let failure = Failure::at("publish to", output, &error);
        if error.kind() == std::io::ErrorKind::ResourceBusy {
            return failure.help("a mount point can't be swapped: publish to a folder inside it");
        }
        failure
    };
    if output.symlink_metadata().is_err() {
        return std::fs::rename(&stage, output).map_err(failed);
    }
    match exchange(&stage, output) {
        Exchange::Done => Ok(()),
        Exchange::Failed(error) => Err(failed(error)),
        Exchange::Unsupported => in_two_steps(output, place).map_err(failed),
    }
}

enum Exchange {
    Done,
    Unsupported,
    Failed(std::io::Error),
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(stage: &Path, output: &Path) -> Exchange {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, stage, CWD, output, RenameFlags::EXCHANGE) {
        Ok(()) => Exchange::Done,
        Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP) => Exchange::Unsupported,
        Err(error) => Exchange::Failed(error.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> Exchange {
    Exchange::Unsupported
}

fn in_two_steps(output: &Path, place: &StagePlace) -> std::io::Result<()> {
    let aside = place.aside();
    std::fs::rename(output, &aside)?;
    if let Err(error) = std::fs::rename(place.stage(), output) {
        std::fs::rename(&aside, output)?;
        return Err(error);
    }
    std::fs::rename(&aside, place.stage())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn folders() -> (tempfile::TempDir, StagePlace) {
        let folder = tempfile::tempdir().expect("temporary folder");
        let place = StagePlace {
            folder: folder.path().join("stages"),
            lasting: true,
        };
        fs::create_dir_all(place.stage()).expect("folder");
        fs::write(place.stage().join("new"), "").expect("file");
        fs::create_dir(folder.path().join("out")).expect("folder");
        fs::write(folder.path().join("out/old"), "").expect("file");
        (folder, place)
    }

    #[test]
    fn two_steps_do_what_one_does() {
        for step in [in_two_steps, |output: &Path, place: &StagePlace| {
            swap(output, place).map_err(std::io::Error::other)
        }] {
            let (folder, place) = folders();
            let output = folder.path().join("out");
            step(&output, &place).expect("swapped");
            assert!(output.join("new").exists());
            assert!(place.stage().join("old").exists());
            assert!(!place.aside().exists());
        }
    }

    #[test]
    fn a_swap_that_was_cut_off_is_undone_or_finished() {
        let (folder, place) = folders();
        let output = folder.path().join("out");
        fs::rename(&output, place.aside()).expect("the first step");
        recover(&output, &place).expect("recovered");
        assert!(output.join("old").exists());

        fs::rename(&output, place.aside()).expect("the first step");
        fs::rename(place.stage(), &output).expect("the second step");
        recover(&output, &place).expect("recovered");
        assert!(output.join("new").exists());
        assert!(!place.aside().exists());
    }
}
