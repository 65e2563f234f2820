//! A listener at work: accepts connections, ends TLS where it has a certificate, speaks HTTP/1.1, and lets nobody hold a
//! connection by being slow. HTTP/1.1 only: a phone asks one thing at a time, and one connection then is one request.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use rustls::{ServerConfig, SupportedProtocolVersion};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::config::{Bind, Certified, Limits, Listener};

/// Headers of one request, at most; also the room a waiting connection may take.
const HEADERS: usize = 16 * 1024;
/// After a failed accept (no file descriptors left, mostly) there is nothing to do but wait for others to end.
const PAUSE: Duration = Duration::from_millis(50);

/// A socket that is bound, and what is spoken on it.
pub(crate) struct Bound {
    socket: TcpListener,
    tls: Option<TlsAcceptor>,
}

/// A listener that cannot work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadListener {
    #[error("not bound")]
    Socket(#[from] io::Error),
    #[error("certificate and key do not fit")]
    Tls(#[from] rustls::Error),
}

impl Bound {
    /// Binds a listener. Must be called inside a runtime.
    pub(crate) async fn new(listener: Listener, versions: &[&'static SupportedProtocolVersion]) -> Result<Self, BadListener> {
        let tls = listener.tls.map(|certified| acceptor(certified, versions)).transpose()?;
        let socket = match listener.bind {
            Bind::Address(address) => TcpListener::bind(address).await?,
            Bind::Socket(socket) => {
                socket.set_nonblocking(true)?;
                TcpListener::from_std(socket)?
            }
        };
        Ok(Self { socket, tls })
    }

    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Serves until `closing`; requests under way are finished by tasks of `tasks`.
    pub(crate) async fn serve(self, router: Router, limits: Arc<Limits>, closing: CancellationToken, tasks: TaskTracker) {
        let room = Arc::new(Semaphore::new(limits.connections));
        loop {
            let next = async {
                let permit = Arc::clone(&room).acquire_owned().await.ok();
                (self.socket.accept().await, permit)
            };
            let (accepted, permit) = tokio::select! {
                () = closing.cancelled() => return,
                next = next => next,
            };
            let Ok((socket, _)) = accepted else {
                sleep(PAUSE).await;
                continue;
            };
            // Answers are small and somebody waits for them. An error says that the other side has gone.
            let _ = socket.set_nodelay(true);
            let talk = Talk { router: router.clone(), limits: Arc::clone(&limits), closing: closing.clone(), _permit: permit };
            // Two kinds of tasks, so that a plain connection has not the size of one with TLS.
            match self.tls.clone() {
                None => drop(tasks.spawn(talk.on(socket))),
                Some(tls) => drop(tasks.spawn(talk.secretly(tls, socket))),
            }
        }
    }
}

/// Whether a certificate and its key belong together.
pub(crate) fn fits(certified: &Certified) -> Result<(), rustls::Error> {
    let certified = Certified { chain: certified.chain.clone(), key: certified.key.clone_key() };
    acceptor(certified, &[&rustls::version::TLS13]).map(|_| ())
}

fn acceptor(certified: Certified, versions: &[&'static SupportedProtocolVersion]) -> Result<TlsAcceptor, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_protocol_versions(versions)?.with_no_client_auth();
    let mut config = config.with_single_cert(certified.chain, certified.key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// One connection, with what it needs. Thousands of them wait at the same time: what stands here is paid for by each.
struct Talk {
    router: Router,
    limits: Arc<Limits>,
    closing: CancellationToken,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Talk {
    async fn secretly(self, tls: TlsAcceptor, socket: TcpStream) {
        if let Ok(Ok(socket)) = timeout(self.limits.headers, tls.accept(socket)).await {
            self.on(socket).await;
        }
    }

    async fn on<S: AsyncRead + AsyncWrite + Unpin>(self, socket: S) {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.limits.headers).max_buf_size(HEADERS);
        let service = TowerToHyperService::new(self.router);
        let mut connection = std::pin::pin!(http.serve_connection(TokioIo::new(socket), service));
        // Errors are the other side's: it went away, was too slow, or does not speak HTTP.
        tokio::select! {
            _ = connection.as_mut() => return,
            () = self.closing.cancelled() => {}
            () = sleep(self.limits.connection) => {}
        }
        connection.as_mut().graceful_shutdown();
        let _ = timeout(self.limits.stop, connection).await;
    }
}
