//! What a worker may not do: reach the network, start programs, look into other processes, take more memory or
//! processor time than a query is allowed, leave a core file.
//!
//! Memory is bounded by `RLIMIT_DATA`, which counts private writable memory: heap, stacks and anonymous mappings, and
//! not the files of the generation that are mapped. The address space (`RLIMIT_AS`) stays free, as it would count
//! these, and the arenas that the allocator reserves and never touches. Both hold with RocksDB, too: its block cache
//! is private memory.

use rustix::process::{Resource, Rlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};
use seccompiler::{BackendError, BpfProgram, SeccompAction, SeccompFilter};
use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

/// System calls that a worker has no business with.
const REFUSED: &[libc::c_long] = &[
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    libc::SYS_recvmmsg,
    // Its queue of work could open sockets without any of the calls above.
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_kill,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_setns,
    libc::SYS_unshare,
    libc::SYS_open_by_handle_at,
];

/// Takes the network away from this thread and all that it will start. Also, no program that is run later may gain
/// privileges.
///
/// # Errors
/// Why the kernel does not do it.
pub(super) fn close() -> Result<(), String> {
    let rules: BTreeMap<i64, _> = REFUSED.iter().map(|call| (*call, Vec::new())).collect();
    let denied = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let told = |error: BackendError| error.to_string();
    let target = std::env::consts::ARCH.try_into().map_err(told)?;
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, denied, target).map_err(told)?;
    let program: BpfProgram = filter.try_into().map_err(told)?;
    seccompiler::apply_filter(&program).map_err(|error| error.to_string())
}

/// Bounds the memory of this process, in bytes, and forbids core files.
///
/// # Errors
/// When the system refuses.
pub(super) fn bound(memory: u64) -> io::Result<()> {
    let most = |value| Rlimit { current: Some(value), maximum: Some(value) };
    setrlimit(Resource::Core, most(0))?;
    setrlimit(Resource::Data, most(memory))?;
    Ok(())
}

/// How much of the bounded memory is taken, in bytes, where the system tells it.
pub(super) fn taken() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmData:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kibibytes| kibibytes << 10)
}

/// Lets this process use that much more processor time; then the kernel kills it. Without effect when the system
/// refuses, as the server keeps the deadline from outside anyway.
pub(super) fn allow(time: Duration) {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    let used = u64::try_from(used.tv_sec).unwrap_or(0);
    let _ = setrlimit(Resource::Cpu, Rlimit { current: Some(used + time.as_secs() + 2), maximum: None });
}
