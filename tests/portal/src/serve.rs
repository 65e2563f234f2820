//! HTTP/1.1 over TLS on a loopback port: a listener for axum whose handshakes run beside each other, so that one slow
//! client keeps nobody waiting.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, serve::Listener};
use rustls::ServerConfig;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

const HANDSHAKE: Duration = Duration::from_secs(10);

/// A server that runs until it is stopped or dropped.
#[derive(Debug)]
pub(crate) struct Serving {
    stop: Option<oneshot::Sender<()>>,
    accepting: JoinHandle<()>,
    answering: JoinHandle<()>,
}

impl Serving {
    /// Stops: no new connection, and those that are idle are closed. Whoever is being answered has a second.
    pub(crate) async fn stop(mut self) {
        self.accepting.abort();
        if let Some(stop) = self.stop.take() {
            // It may have ended by itself: then there is nobody to tell.
            let _ended = stop.send(());
        }
        if tokio::time::timeout(Duration::from_secs(1), &mut self.answering).await.is_err() {
            self.answering.abort();
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.accepting.abort();
        self.answering.abort();
    }
}

struct Shaken {
    streams: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
}

impl Listener for Shaken {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.streams.recv().await {
            Some(stream) => stream,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// Serves `router` at `listener`.
pub(crate) fn serve(listener: TcpListener, tls: ServerConfig, router: Router) -> io::Result<Serving> {
    let address = listener.local_addr()?;
    let (sender, streams) = mpsc::channel(16);
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let accepting = tokio::spawn(async move {
        loop {
            let Ok((stream, peer)) = listener.accept().await else {
                // Out of descriptors: they come back when connections end.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            let (acceptor, sender) = (acceptor.clone(), sender.clone());
            tokio::spawn(async move {
                let _nodelay = stream.set_nodelay(true);
                if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
                    let _closed = sender.send((stream, peer)).await;
                }
            });
        }
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let answering = tokio::spawn(async move {
        let server = axum::serve(Shaken { streams, address }, router).with_graceful_shutdown(async move {
            let _dropped = stopped.await;
        });
        let _never_fails = server.await;
    });
    Ok(Serving { stop: Some(stop), accepting, answering })
}
