//! Listening, connections, and ending.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use shindan_app::data_folder::DataFolder;
use shindan_app::records::RecordsError;
use shindan_app::records::collect::sync::Reach;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;

use crate::Limits;
use crate::command::Network;
use crate::desk::Desk;
use crate::routes::router;
use crate::tls::Tls;

/// Headers together are no larger than this.
const HEADERS: usize = 32 * 1024;
/// How long commands that have begun may take when the server ends.
const ENDING: Duration = Duration::from_secs(20);

/// The connection that a request came by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// Whose it is.
    pub client: SocketAddr,
    /// Where it came to.
    pub local: SocketAddr,
}

/// The server cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// There are no records to serve, or they cannot be opened.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// The address cannot be listened on.
    #[error("{address}: {error}")]
    Address {
        /// The address.
        address: SocketAddr,
        /// Why.
        error: std::io::Error,
    },
    /// The system gives no threads.
    #[error("no threads: {0}")]
    Threads(std::io::Error),
}

/// A server that listens.
#[derive(Debug)]
pub struct Server {
    runtime: Runtime,
    listener: TcpListener,
    router: Router,
    limits: Limits,
    address: SocketAddr,
    tls: Option<Tls>,
    ending: Arc<AtomicBool>,
}

impl Server {
    /// Opens the records and listens on the address (port 0: any that is free).
    ///
    /// # Errors
    /// [`ServeError`].
    pub fn bind(address: SocketAddr, folder: DataFolder, limits: Limits) -> Result<Server, ServeError> {
        Server::bind_reaching(address, folder, limits, Reach::default())
    }

    /// As [`Server::bind`]; `reach` is the way to sources of vulnerability information.
    ///
    /// # Errors
    /// [`ServeError`].
    pub fn bind_reaching(
        address: SocketAddr,
        folder: DataFolder,
        limits: Limits,
        reach: Reach,
    ) -> Result<Server, ServeError> {
        Server::bind_with_pages(address, folder, limits, reach, |_| None)
    }

    /// As [`Server::bind_reaching`], with pages beside REST.
    ///
    /// # Errors
    /// [`ServeError`].
    pub fn bind_with_pages(
        address: SocketAddr,
        folder: DataFolder,
        limits: Limits,
        reach: Reach,
        pages: impl FnOnce(Desk) -> Option<Router>,
    ) -> Result<Server, ServeError> {
        let ending = Arc::new(AtomicBool::new(false));
        let network = Network { reach, ending: Arc::clone(&ending) };
        let router = router(folder, limits, network, pages)?;
        let runtime = Builder::new_multi_thread().enable_all().build().map_err(ServeError::Threads)?;
        let taken = |error| ServeError::Address { address, error };
        let listener = runtime.block_on(TcpListener::bind(address)).map_err(taken)?;
        let address = listener.local_addr().map_err(taken)?;
        Ok(Server { runtime, listener, router, limits, address, tls: None, ending })
    }

    /// The same, by TLS only.
    #[must_use]
    pub fn with_tls(self, tls: Tls) -> Server {
        Server { tls: Some(tls), ..self }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until the process is asked to end (Ctrl+C, or SIGTERM). Commands that have begun are finished.
    pub fn run(self) {
        self.run_until(asked_to_end());
    }

    /// Serves until `end` is over. Commands that have begun are finished.
    pub fn run_until(self, end: impl Future<Output = ()>) {
        let Server { runtime, listener, router, limits, ending, tls, .. } = self;
        runtime.block_on(async {
            tokio::select! {
                () = accept(listener, router, limits, tls) => {}
                () = end => {}
            }
        });
        // What is being looked at is recorded as stopped: sources may take longer than there is time.
        ending.store(true, Ordering::SeqCst);
        runtime.shutdown_timeout(ENDING);
    }
}

async fn asked_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        // Without signals, the process is ended from outside; the ledger does not mind.
        std::future::pending::<()>().await;
    }
}

async fn accept(listener: TcpListener, router: Router, limits: Limits, tls: Option<Tls>) {
    let room = Arc::new(Semaphore::new(limits.connections));
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, client)) => {
                let (router, tls) = (router.clone(), tls.clone());
                tokio::spawn(async move {
                    connected(stream, client, router, limits, tls).await;
                    drop(place);
                });
            }
            // Too many open files, or a client that left at once: others may still come.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// One connection, by TLS if there is a certificate. What ends it is the client's affair: it left, or sent no HTTP.
async fn connected(stream: TcpStream, client: SocketAddr, router: Router, limits: Limits, tls: Option<Tls>) {
    let _faster_if_possible = stream.set_nodelay(true);
    let Ok(local) = stream.local_addr() else { return };
    let peer = Peer { client, local };
    let Some(tls) = tls else { return converse(stream, peer, router, limits).await };
    // A handshake that does not come to its end is a client that cannot be served.
    if let Ok(Ok(stream)) = tokio::time::timeout(limits.receiving, tls.accept(stream)).await {
        converse(stream, peer, router, limits).await;
    }
}

async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: Peer,
    router: Router,
    limits: Limits,
) {
    let answers = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        answers.call(request)
    });
    let _ended = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.receiving)
        .max_buf_size(HEADERS)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
