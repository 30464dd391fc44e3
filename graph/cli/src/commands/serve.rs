//! `aarre serve`.

use crate::args::{LogForm, ServeArguments};
use crate::services::Network;
use crate::terminal::{Done, Terminal};
use anyhow::anyhow;
use graph_publish::home::Home;
use graph_serve::{AccessForm, Config, Federation, Program};
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

pub(crate) fn run(arguments: &ServeArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let home = terminal.home()?;
    serve(&home, arguments.listen.unwrap_or(home.config.serve.listen), arguments.log, terminal)
}

/// Serves until the process is told to stop.
pub(crate) fn serve(
    home: &Home,
    listen: SocketAddr,
    log: Option<LogForm>,
    terminal: &Terminal,
) -> anyhow::Result<Done> {
    let access_log = match log {
        Some(LogForm::Text) => Some(AccessForm::Text),
        Some(LogForm::Json) => Some(AccessForm::Json),
        None if terminal.json() => Some(AccessForm::Json),
        None if !terminal.quiet() => Some(AccessForm::Text),
        Some(LogForm::None) | None => None,
    };
    let config = Config { access_log, ..config(home, listen)? };
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let server = graph_serve::bind(config).await?;
        terminal.say(&format!("Serving at http://{}/ (stop with Ctrl-C)", server.address()));
        server.serve(told_to_stop()).await?;
        anyhow::Ok(())
    })?;
    Ok(Done::Complete)
}

/// What the operator wrote, as the server takes it.
pub(crate) fn config(home: &Home, listen: SocketAddr) -> anyhow::Result<Config> {
    let serve = &home.config.serve;
    let config = Config::new(home.path().to_owned(), home.config.base.clone());
    let proxies = serve
        .proxies
        .iter()
        .map(|proxy| proxy.parse().map_err(|error| anyhow!("aarre.toml, serve.proxies: {error}")))
        .collect::<anyhow::Result<_>>()?;
    Ok(Config {
        listen,
        private: serve.private,
        title: home.config.title.clone(),
        limits: serve.limits.clone(),
        places: serve.workers.and_then(NonZeroUsize::new).unwrap_or(config.places),
        workers: (serve.workers != Some(0)).then(worker),
        proxies,
        cache_bytes: serve.cache_bytes.unwrap_or(config.cache_bytes),
        cache_largest: serve.cache_largest.unwrap_or(config.cache_largest),
        slow_query: serve.slow_query.map_or(config.slow_query, Duration::from_secs),
        federation: (!serve.federation.is_empty())
            .then(|| Federation { allowed: serve.federation.clone(), services: Arc::new(Network) }),
        media_dir: serve.media.as_deref().map(|path| home.resolve(path)),
        ..config
    })
}

/// This program, even after its file was replaced by a newer one.
fn worker() -> Program {
    Program { path: "/proc/self/exe".into(), arguments: vec!["--quiet".into(), "query-worker".into()] }
}

/// Ends at Ctrl-C, or at the signal that service managers send.
async fn told_to_stop() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        // Without a handler for Ctrl-C the process ends the hard way, which loses nothing either.
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
