//! What work costs: seconds on the wall and of processors.
//!
//! The time of processors is what counts on a machine with other load. A child's includes that of the children it waited
//! for, as in a shell's `time`.

use std::io;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeVal;
use nix::time::{ClockId, clock_gettime};
use serde::Serialize;

/// Seconds that something took.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Cost {
    /// On the wall.
    pub wall: f64,
    /// Of processors.
    pub cpu: f64,
}

/// The processor seconds of work that this thread does alone.
pub(super) fn cpu_of_thread<T>(work: impl FnOnce() -> T) -> io::Result<(T, f64)> {
    let begin = processor_time(ClockId::CLOCK_THREAD_CPUTIME_ID)?;
    let result = work();
    let end = processor_time(ClockId::CLOCK_THREAD_CPUTIME_ID)?;
    Ok((result, end - begin))
}

/// The cost of work that this process does, on any number of threads.
pub(super) fn of_process<T>(work: impl FnOnce() -> T) -> io::Result<(T, Cost)> {
    let cpu = processor_time(ClockId::CLOCK_PROCESS_CPUTIME_ID)?;
    let wall = Instant::now();
    let result = work();
    let cost = Cost {
        wall: wall.elapsed().as_secs_f64(),
        cpu: processor_time(ClockId::CLOCK_PROCESS_CPUTIME_ID)? - cpu,
    };
    Ok((result, cost))
}

/// Runs a program to its end, and takes its cost. No other child may end meanwhile.
pub(super) fn of_child(command: &mut Command) -> io::Result<(Output, Cost)> {
    let cpu = children()?;
    let wall = Instant::now();
    let output = command.stdin(Stdio::null()).output()?;
    let cost = Cost {
        wall: wall.elapsed().as_secs_f64(),
        cpu: children()? - cpu,
    };
    Ok((output, cost))
}

fn processor_time(clock: ClockId) -> io::Result<f64> {
    Ok(Duration::from(clock_gettime(clock)?).as_secs_f64())
}

/// The processor seconds of all children that have ended.
fn children() -> io::Result<f64> {
    let usage: Usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
}

fn seconds(time: TimeVal) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "no run takes the 285 years that 2^53 microseconds are"
    )]
    let (whole, part) = (time.tv_sec() as f64, time.tv_usec() as f64);
    whole + part / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Work that no optimiser takes away.
    fn spin() -> u64 {
        (0..3_000_000_u64).fold(0, |sum, item| std::hint::black_box(sum ^ item))
    }

    #[test]
    fn a_thread_pays_for_itself_and_a_process_for_all_threads() {
        let (_, busy) = cpu_of_thread(spin).unwrap();
        assert!(busy > 0.0);
        let elsewhere = || std::thread::spawn(spin).join().unwrap();
        let ((_, here), all) = of_process(|| cpu_of_thread(elsewhere).unwrap()).unwrap();
        assert!(here < all.cpu);
        assert!(all.wall > 0.0);
    }

    #[test]
    fn a_child_costs_what_it_says() {
        let (output, cost) = of_child(Command::new("sh").args(["-c", "echo x; exit 3"])).unwrap();
        assert_eq!(output.status.code(), Some(3));
        assert_eq!(output.stdout, b"x\n");
        assert!(cost.wall > 0.0 && cost.cpu >= 0.0);
    }
}
