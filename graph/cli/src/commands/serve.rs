//! `aarre serve`.

use crate::args::ServeArguments;
use crate::terminal::{Done, Terminal};
use graph_publish::home::Home;
use graph_serve::Config;
use std::net::SocketAddr;
use std::time::Duration;

pub(crate) fn run(arguments: &ServeArguments, terminal: &Terminal) -> anyhow::Result<Done> {
    let home = terminal.home()?;
    serve(&home, arguments.listen.unwrap_or(home.config.serve.listen), terminal)
}

/// Serves until the process is told to stop.
pub(crate) fn serve(home: &Home, listen: SocketAddr, terminal: &Terminal) -> anyhow::Result<Done> {
    let config = Config {
        listen,
        title: home.config.title.clone(),
        query_timeout: Duration::from_secs(home.config.serve.query_timeout),
        media_dir: home.config.serve.media.as_deref().map(|path| home.resolve(path)),
        ..Config::new(home.path().to_owned(), home.config.base.clone())
    };
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let server = graph_serve::bind(config).await?;
        terminal.say(&format!("Serving at http://{}/ (stop with Ctrl-C)", server.address()));
        server.serve(told_to_stop()).await?;
        anyhow::Ok(())
    })?;
    Ok(Done::Complete)
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
