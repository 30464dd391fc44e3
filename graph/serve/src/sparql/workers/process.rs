//! One worker process, seen from the server.

use crate::sparql::{Ended, Fault};
use crate::worker::wire::{self, Call, End, Question, Ready};
use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio_util::bytes::{Bytes, BytesMut};

/// How long a worker may take to open its generation.
const START: Duration = Duration::from_secs(60);
/// How much of what a dying worker says is kept.
const LAST_WORDS: usize = 4 << 10;
/// How long the end of a process may take to be known once its output has ended.
const BURIAL: Duration = Duration::from_millis(200);

/// How to start a worker process.
#[derive(Debug, Clone)]
pub struct Program {
    /// The program.
    pub path: PathBuf,
    /// What it is told before `--generation FOLDER --memory BYTES`.
    pub arguments: Vec<OsString>,
}

/// What a worker says.
#[derive(Debug)]
pub(super) enum Said {
    Bytes(Bytes),
    /// The end, whether the worker may be used again, and how a slow query was answered.
    End(Result<Ended, Fault>, bool, Option<String>),
    /// It wants another endpoint asked.
    Call(Call),
    /// It is of no use any more; this is why.
    Dead(Fault),
    /// It said its last word and ended; [`Process::death`] knows why.
    Gone,
}

/// A worker that is ready for a query, or busy with one.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    input: ChildStdin,
    output: Messages<ChildStdout>,
    last_words: Arc<Mutex<Vec<u8>>>,
    /// How many queries it was given.
    pub(super) served: u64,
    /// Why the kernel does not keep it from the network.
    pub(super) open: Option<String>,
}

impl Process {
    /// Starts one and waits until it is ready.
    pub(super) async fn start(program: &Program, generation: &Path, memory: u64) -> Result<Self, String> {
        let mut command = Command::new(&program.path);
        command
            .args(&program.arguments)
            .arg("--generation")
            .arg(generation)
            .arg("--memory")
            .arg(memory.to_string())
            .env_clear()
            // Each further arena of the allocator would keep freed memory for itself.
            .env("MALLOC_ARENA_MAX", "2")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child =
            command.spawn().map_err(|error| format!("{} does not start: {error}", program.path.display()))?;
        let missing = || "a worker has no pipes".to_owned();
        let input = child.stdin.take().ok_or_else(missing)?;
        let output = child.stdout.take().ok_or_else(missing)?;
        let errors = child.stderr.take().ok_or_else(missing)?;
        let last_words: Arc<Mutex<Vec<u8>>> = Arc::default();
        tokio::spawn(listen(errors, Arc::clone(&last_words)));
        let output = Messages { input: output, buffer: BytesMut::new() };
        let mut process = Self { child, input, output, last_words, served: 0, open: None };
        let ready = tokio::time::timeout(START, process.output.next()).await;
        match ready {
            Ok(Ok(Some((wire::READY, content)))) => {
                let ready: Ready = serde_json::from_slice(&content).map_err(|error| error.to_string())?;
                process.open = ready.open;
                Ok(process)
            }
            Ok(_) => {
                // Its words may come a moment after its end.
                let _ = tokio::time::timeout(BURIAL, process.child.wait()).await;
                tokio::time::sleep(Duration::from_millis(20)).await;
                Err(format!("a worker ended at its start: {}", process.words().trim()))
            }
            Err(_) => Err("a worker did not come up".to_owned()),
        }
    }

    /// The number of the process.
    pub(super) fn number(&self) -> u64 {
        self.child.id().map_or(0, u64::from)
    }

    /// Hands it a query.
    pub(super) async fn ask(&mut self, question: &Question) -> std::io::Result<()> {
        self.served += 1;
        let content = serde_json::to_vec(question)?;
        let mut message = Vec::with_capacity(wire::HEAD + content.len());
        wire::push(&mut message, wire::ASK, &content);
        self.input.write_all(&message).await
    }

    /// Tells it what another endpoint answered.
    pub(super) async fn tell(&mut self, answer: Result<Vec<u8>, String>) {
        let content = wire::called(answer);
        let mut message = Vec::with_capacity(wire::HEAD + content.len());
        wire::push(&mut message, wire::CALLED, &content);
        // As with a cancellation.
        let _ = self.input.write_all(&message).await;
    }

    /// Tells it that the answer is not wanted any more.
    pub(super) async fn cancel(&mut self, number: u64) {
        let mut message = Vec::new();
        wire::push(&mut message, wire::CANCEL, &number.to_le_bytes());
        // A worker that cannot be told is dead, and that is heard elsewhere.
        let _ = self.input.write_all(&message).await;
    }

    /// What it says next. May be dropped and called again without loss.
    pub(super) async fn next(&mut self) -> Said {
        match self.output.next().await {
            Ok(Some((wire::BYTES, content))) => Said::Bytes(content),
            Ok(Some((wire::END, content))) => match serde_json::from_slice(&content) {
                // A worker that met a fault of ours is not trusted with another query.
                Ok(End { result, full, plan }) => {
                    let again = !full && !matches!(result, Err(Fault::Internal(_)));
                    Said::End(result, again, plan)
                }
                Err(error) => Said::Dead(Fault::Internal(format!("a worker said nonsense: {error}"))),
            },
            Ok(Some((wire::CALL, content))) => match serde_json::from_slice(&content) {
                Ok(call) => Said::Call(call),
                Err(error) => Said::Dead(Fault::Internal(format!("a worker asked nonsense: {error}"))),
            },
            Ok(Some((kind, _))) => Said::Dead(Fault::Internal(format!("a worker said '{kind}'"))),
            Ok(None) | Err(_) => Said::Gone,
        }
    }

    /// Why it died, which takes a moment to be known.
    pub(super) async fn death(&mut self) -> Fault {
        let Ok(Ok(status)) = tokio::time::timeout(BURIAL, self.child.wait()).await else {
            return Fault::Internal("a worker closed its output and lives on".to_owned());
        };
        // The pipe of its words is read by another task, which may not have come to it yet.
        tokio::time::sleep(Duration::from_millis(5)).await;
        let words = self.words();
        tracing::warn!(%status, words = words.trim(), "a worker died");
        if words.contains("memory allocation of") || words.contains("bad_alloc") {
            return Fault::Memory;
        }
        if words.contains("overflowed its stack") {
            return Fault::Stack;
        }
        match status.signal() {
            Some(libc::SIGKILL | libc::SIGXCPU) => Fault::Killed,
            Some(libc::SIGSEGV | libc::SIGBUS) if words.trim().is_empty() => Fault::Stack,
            _ => Fault::Internal(format!("a worker ended ({status}): {}", words.trim())),
        }
    }

    fn words(&self) -> String {
        let words = self.last_words.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&words).into_owned()
    }

    /// Kills it.
    pub(super) fn kill(&mut self) {
        let _ = self.child.start_kill();
    }
}

/// Keeps the last of what a worker says on its standard error.
async fn listen(mut errors: impl AsyncRead + Unpin, words: Arc<Mutex<Vec<u8>>>) {
    let mut buffer = [0; 1024];
    while let Ok(length @ 1..) = errors.read(&mut buffer).await {
        let said = buffer.get(..length).unwrap_or_default();
        let mut words = words.lock().unwrap_or_else(PoisonError::into_inner);
        words.extend_from_slice(said);
        let surplus = words.len().saturating_sub(LAST_WORDS);
        words.drain(..surplus);
    }
}

/// Messages of a pipe. A call that is given up loses nothing: what was read stays in the buffer.
#[derive(Debug)]
struct Messages<R> {
    input: R,
    buffer: BytesMut,
}

impl<R: AsyncRead + Unpin> Messages<R> {
    async fn next(&mut self) -> std::io::Result<Option<(u8, Bytes)>> {
        loop {
            if let Some(message) = self.whole()? {
                return Ok(Some(message));
            }
            self.buffer.reserve(super::super::answer::CHUNK + 2 * wire::HEAD);
            if self.input.read_buf(&mut self.buffer).await? == 0 {
                return Ok(None);
            }
        }
    }

    fn whole(&mut self) -> std::io::Result<Option<(u8, Bytes)>> {
        let Some(head) = self.buffer.first_chunk::<{ wire::HEAD }>() else { return Ok(None) };
        let (kind, length) = wire::read_head(*head)?;
        if self.buffer.len() < wire::HEAD + length {
            return Ok(None);
        }
        let mut message = self.buffer.split_to(wire::HEAD + length);
        Ok(Some((kind, message.split_off(wire::HEAD).freeze())))
    }
}
