//! A server that plays one thing for each connection: TLS or not, the whole answer or a part of it, a good-bye or none.

use std::{
    future::pending,
    sync::{Arc, Mutex, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};
use tokio_rustls::TlsAcceptor;
use url::Url;

/// What is done with a connection whose request has been read.
#[derive(Clone)]
pub(super) enum Play {
    /// These bytes, then an orderly good-bye.
    Say(Vec<u8>),
    /// These bytes, then the connection is gone without a good-bye.
    Cut(Vec<u8>),
    /// After so long, these bytes.
    Late(Duration, Vec<u8>),
    /// These bytes, then nothing more, for ever.
    Stall(Vec<u8>),
    /// These bytes, then one more every few milliseconds, for ever.
    Drip(Vec<u8>),
}

/// Whether the server speaks TLS.
pub(super) enum Speech {
    /// With this certificate.
    Tls(Box<ServerConfig>),
    /// It plays at once, on whatever it receives first.
    Plain,
    /// It hangs up on everybody.
    Deaf,
}

#[derive(Default)]
struct Seen {
    connections: usize,
    requests: Vec<Vec<u8>>,
}

pub(super) struct Server {
    port: u16,
    seen: Arc<Mutex<Seen>>,
    heard: mpsc::Receiver<()>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// `play` is given the number of the connection, from 0.
    pub(super) fn new(speech: Speech, play: impl Fn(usize) -> Play + Send + 'static) -> Self {
        let (told_port, port) = mpsc::channel();
        let (told_heard, heard) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let shared = Arc::clone(&seen);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                told_port.send(listener.local_addr().unwrap().port()).unwrap();
                tokio::select! {
                    _ = stopped => {}
                    () = serve(listener, speech, play, shared, told_heard) => {}
                }
            });
        });
        Self { port: port.recv().unwrap(), seen, heard, stop: Some(stop), thread: Some(thread) }
    }

    pub(super) fn tls(config: ServerConfig, play: impl Fn(usize) -> Play + Send + 'static) -> Self {
        Self::new(Speech::Tls(Box::new(config)), play)
    }

    pub(super) fn url(&self) -> Url {
        Url::parse(&format!("https://127.0.0.1:{}", self.port)).unwrap()
    }

    pub(super) fn connections(&self) -> usize {
        self.seen.lock().unwrap().connections
    }

    /// Everything that was received, a text for each connection over which something came.
    pub(super) fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().requests.iter().map(|request| String::from_utf8_lossy(request).into_owned()).collect()
    }

    /// Waits until a request has come.
    pub(super) fn wait_for_a_request(&self) {
        self.heard.recv().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
        self.thread.take().map(JoinHandle::join);
    }
}

async fn serve(listener: TcpListener, speech: Speech, play: impl Fn(usize) -> Play, seen: Arc<Mutex<Seen>>, heard: mpsc::Sender<()>) {
    let acceptor = match &speech {
        Speech::Tls(config) => Some(TlsAcceptor::from(Arc::new((**config).clone()))),
        Speech::Plain | Speech::Deaf => None,
    };
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let number = {
            let mut seen = seen.lock().unwrap();
            seen.connections += 1;
            seen.connections - 1
        };
        if matches!(speech, Speech::Deaf) {
            continue;
        }
        let (play, seen, heard, acceptor) = (play(number), Arc::clone(&seen), heard.clone(), acceptor.clone());
        tokio::spawn(async move {
            match acceptor {
                // A client that refuses the certificate hangs up here.
                Some(acceptor) => {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        talk(stream, play, &seen, &heard, is_whole).await;
                    }
                }
                None => talk::<TcpStream>(stream, play, &seen, &heard, |received| !received.is_empty()).await,
            }
        });
    }
}

async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    play: Play,
    seen: &Mutex<Seen>,
    heard: &mpsc::Sender<()>,
    enough: impl Fn(&[u8]) -> bool,
) {
    let mut request = Vec::new();
    while !enough(&request) {
        if !matches!(stream.read_buf(&mut request).await, Ok(length) if length > 0) {
            return;
        }
    }
    seen.lock().unwrap().requests.push(request);
    // The test may have what it wanted and be gone; so may the client below.
    heard.send(()).ok();
    let (Play::Say(bytes) | Play::Cut(bytes) | Play::Late(_, bytes) | Play::Stall(bytes) | Play::Drip(bytes)) = &play;
    if let Play::Late(pause, _) = play {
        tokio::time::sleep(pause).await;
    }
    if stream.write_all(bytes).await.is_err() || stream.flush().await.is_err() {
        return;
    }
    match play {
        Play::Say(_) | Play::Late(..) => {
            stream.shutdown().await.ok();
        }
        Play::Cut(_) => {}
        Play::Stall(_) => pending().await,
        Play::Drip(_) => {
            while stream.write_all(b" ").await.is_ok() && stream.flush().await.is_ok() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    }
}

/// Whether a request has come with its whole body.
fn is_whole(received: &[u8]) -> bool {
    let text = String::from_utf8_lossy(received);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |length| length.parse().unwrap());
    body.len() >= length
}
