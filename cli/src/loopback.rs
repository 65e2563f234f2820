//! The ear on the loopback interface: where the browser comes back to on a desktop. One address, one path, `GET` only,
//! `Host` checked; whatever else knocks is turned away without being read further. What came is judged by the fetch that
//! waits for it, and the page says what the judgement was.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{self, Sender, SyncSender},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use techo_core::sync::LOOPBACK_PATH;

/// Longest request head, in bytes: a code and a state fit many times.
const LONGEST_HEAD: usize = 8 * 1024;
/// Bytes read at a time.
const PIECE: usize = 1024;
/// How long a connection may take to say what it wants. Browsers open connections they never use.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the browser is left waiting for the judgement.
const JUDGEMENT: Duration = Duration::from_secs(20);
/// How long a program that is done waits for its last page to be written.
const FAREWELL: Duration = Duration::from_secs(2);
/// Connections listened to at the same time.
const MOST: usize = 8;

/// An address the browser came back to.
#[derive(Debug)]
pub(crate) struct Arrival {
    /// The whole address, as the browser asked for it.
    pub(crate) url: String,
    verdict: SyncSender<bool>,
}

impl Arrival {
    /// Lets the browser know whether this was what the fetch waited for.
    pub(crate) fn answer(self, is_ours: bool) {
        // A browser that has gone away needs no answer.
        let _ = self.verdict.try_send(is_ours);
    }
}

/// Pages that browsers still wait for. A program that ends before they are written tears them away.
#[derive(Default)]
struct Owed {
    pages: Mutex<usize>,
    settled: Condvar,
}

impl Owed {
    fn one(&self) -> Owing<'_> {
        *self.pages.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        Owing(self)
    }

    /// Waits until every page is written, or for as long as a farewell may take.
    fn settle(&self) {
        let pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.settled.wait_timeout_while(pages, FAREWELL, |pages| *pages > 0));
    }
}

/// One of them; written, or given up, when it is dropped.
struct Owing<'a>(&'a Owed);

impl Drop for Owing<'_> {
    fn drop(&mut self) {
        let mut pages = self.0.pages.lock().unwrap_or_else(PoisonError::into_inner);
        *pages = pages.saturating_sub(1);
        self.0.settled.notify_all();
    }
}

/// The open ear. Closed when it is dropped.
pub(crate) struct Loopback {
    port: u16,
    closing: Arc<AtomicBool>,
    owed: Arc<Owed>,
    accepting: Option<JoinHandle<()>>,
}

impl Loopback {
    /// Listens on `port` of 127.0.0.1, or on one that is free, for `GET` of [`LOOPBACK_PATH`]; hands what arrives to `to`.
    pub(crate) fn open<T: From<Arrival> + Send + 'static>(port: Option<u16>, to: Sender<T>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0)))?;
        let port = listener.local_addr()?.port();
        let closing = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&closing);
        let owed = Arc::new(Owed::default());
        let door = Door { port, owed: Arc::clone(&owed) };
        let accepting = thread::Builder::new().name("loopback".to_owned()).spawn(move || accept(&listener, &seen, &door, &to))?;
        Ok(Self { port, closing, owed, accepting: Some(accepting) })
    }

    /// The port it listens on.
    pub(crate) const fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        // `accept` has no time-out of its own: a knock wakes it, and it sees that the house is closing.
        drop(TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, self.port)), PATIENCE));
        if let Some(accepting) = self.accepting.take() {
            drop(accepting.join());
        }
        self.owed.settle();
    }
}

#[derive(Clone)]
struct Door {
    port: u16,
    owed: Arc<Owed>,
}

fn accept<T: From<Arrival> + Send + 'static>(listener: &TcpListener, closing: &AtomicBool, door: &Door, to: &Sender<T>) {
    let inside = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming() {
        if closing.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        if inside.fetch_add(1, Ordering::SeqCst) >= MOST {
            inside.fetch_sub(1, Ordering::SeqCst);
            continue;
        }
        let (leaving, door, to) = (Arc::clone(&inside), door.clone(), to.clone());
        let served = thread::Builder::new().name("loopback guest".to_owned()).spawn(move || {
            // Whatever became of the connection, the next one is listened to.
            drop(serve(stream, &door, &to));
            leaving.fetch_sub(1, Ordering::SeqCst);
        });
        if served.is_err() {
            inside.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

fn serve<T: From<Arrival>>(mut stream: TcpStream, door: &Door, to: &Sender<T>) -> io::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    stream.set_write_timeout(Some(PATIENCE))?;
    let head = read_head(&mut stream, deadline)?;
    // Taken before anybody can judge and end the program.
    let owing = door.owed.one();
    let judged = match head.as_deref().map_or(Err(Refused::BadRequest), |head| door.judge(head)) {
        Ok(url) => {
            let (verdict, judged) = mpsc::sync_channel(1);
            let is_heard = to.send(T::from(Arrival { url, verdict })).is_ok();
            match judged.recv_timeout(JUDGEMENT) {
                Ok(false) => Err(Refused::Foreign),
                Err(_) if !is_heard => Err(Refused::Foreign),
                // Accepted, or the program is busy with what it already has.
                Ok(true) | Err(_) => Ok(()),
            }
        }
        Err(refused) => Err(refused),
    };
    stream.write_all(&reply(judged))?;
    stream.shutdown(Shutdown::Write)?;
    drop(owing);
    // Closing over bytes that were not read would tear the page away from the browser.
    for _ in 0..LONGEST_HEAD / PIECE * 8 {
        if read_some(&mut stream, &mut Vec::new(), Instant::now() + PATIENCE)? == 0 {
            break;
        }
    }
    Ok(())
}

/// Reads a piece before the deadline, and says how long it was.
fn read_some(stream: &mut TcpStream, into: &mut Vec<u8>, deadline: Instant) -> io::Result<usize> {
    let left = deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()).ok_or(io::ErrorKind::TimedOut)?;
    stream.set_read_timeout(Some(left))?;
    let mut some = [0; PIECE];
    let read = stream.read(&mut some)?;
    into.extend_from_slice(some.get(..read).unwrap_or_default());
    Ok(read)
}

/// The head of the request as text; none where it is too long or no text. Waits for no body: none is allowed.
fn read_head(stream: &mut TcpStream, deadline: Instant) -> io::Result<Option<String>> {
    let mut head = Vec::with_capacity(PIECE);
    loop {
        if read_some(stream, &mut head, deadline)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if head.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
            return Ok(String::from_utf8(head).ok());
        }
        if head.len() > LONGEST_HEAD {
            return Ok(None);
        }
    }
}

/// Why a request is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refused {
    BadRequest,
    /// Another host's name: somebody's page points its own name at this machine.
    OtherHost,
    Method,
    Path,
    /// Not what the fetch waits for.
    Foreign,
}

impl Refused {
    const fn status(self) -> &'static str {
        match self {
            Self::BadRequest => "400 Bad Request",
            Self::OtherHost => "421 Misdirected Request",
            Self::Method => "405 Method Not Allowed",
            Self::Path => "404 Not Found",
            Self::Foreign => "403 Forbidden",
        }
    }
}

impl Door {
    /// The address that was asked for, where the request is one we listen to.
    fn judge(&self, head: &str) -> Result<String, Refused> {
        let (head, body) = head.split_once("\r\n\r\n").ok_or(Refused::BadRequest)?;
        let mut lines = head.split("\r\n");
        let mut request = lines.next().unwrap_or_default().split(' ');
        let (Some(method), Some(target), Some(version), None) = (request.next(), request.next(), request.next(), request.next()) else {
            return Err(Refused::BadRequest);
        };
        if !matches!(version, "HTTP/1.1" | "HTTP/1.0") || !target.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Refused::BadRequest);
        }
        let mut hosts = Vec::new();
        for line in lines {
            let (name, value) = line.split_once(':').ok_or(Refused::BadRequest)?;
            let is = |known: &str| name.eq_ignore_ascii_case(known);
            if is("host") {
                hosts.push(value.trim_matches([' ', '\t']));
            } else if is("transfer-encoding") || (is("content-length") && value.trim() != "0") {
                return Err(Refused::BadRequest);
            }
        }
        if hosts.len() > 1 || !body.is_empty() {
            return Err(Refused::BadRequest);
        }
        let here = format!("127.0.0.1:{}", self.port);
        if hosts != [here.as_str()] {
            return Err(Refused::OtherHost);
        }
        let path = target.split_once('?').map_or(target, |(path, _)| path);
        if path != LOOPBACK_PATH {
            return Err(Refused::Path);
        }
        if method != "GET" {
            return Err(Refused::Method);
        }
        Ok(format!("http://{here}{target}"))
    }
}

/// The page the browser shows. No script, nothing from elsewhere, and the address, which holds a one-time code, is told
/// to nobody.
fn reply(judged: Result<(), Refused>) -> Vec<u8> {
    let (status, title, japanese, english) = match judged {
        Ok(()) => (
            "200 OK",
            "Techo",
            "戻ってください。つづきは Techo の画面で進みます。このページは閉じてかまいません。",
            "Please go back to Techo; it goes on there. You may close this page.",
        ),
        Err(Refused::Foreign) => (
            Refused::Foreign.status(),
            "Techo",
            "このページは、いま Techo が待っているものではありません。はじめた画面に戻ってください。覚えのないリンクからここに来たなら、閉じてください。",
            "This is not what Techo is waiting for. Go back to where you began; if a link you do not know led here, close this page.",
        ),
        Err(refused) => (refused.status(), "Techo", "ここには何もありません。", "There is nothing here."),
    };
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title></head>\n<body><p>{japanese}</p><p lang=\"en\">{english}</p></body></html>\n"
    );
    let allow = if judged == Err(Refused::Method) { "Allow: GET\r\n" } else { "" };
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n{allow}Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{page}",
        page.len()
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::sync::mpsc::Receiver;

    use super::*;

    fn ear() -> (Loopback, Receiver<Arrival>) {
        let (to, from) = mpsc::channel();
        (Loopback::open(None, to).unwrap(), from)
    }

    fn say(port: u16, request: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn get(port: u16, target: &str) -> String {
        format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\n\r\n")
    }

    #[test]
    fn the_house_closes_after_the_last_page_is_written() {
        let owed = Owed::default();
        let owing = owed.one();
        let (closed, is_closed) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                owed.settle();
                closed.send(()).unwrap();
            });
            assert!(is_closed.recv_timeout(Duration::from_millis(100)).is_err(), "closed over a page that is owed");
            drop(owing);
            is_closed.recv_timeout(FAREWELL / 2).unwrap();
        });
    }

    #[test]
    fn what_arrives_is_judged_by_whoever_waits_and_the_page_says_so() {
        let (ear, arrivals) = ear();
        let port = ear.port();
        for (is_ours, status, words) in [(false, "HTTP/1.1 403 ", "Go back to where you began"), (true, "HTTP/1.1 200 ", "戻ってください")]
        {
            let browser = thread::spawn(move || say(port, &get(port, "/techo?code=c&state=s")));
            let arrival = arrivals.recv_timeout(PATIENCE).unwrap();
            assert_eq!(arrival.url, format!("http://127.0.0.1:{port}/techo?code=c&state=s"));
            arrival.answer(is_ours);
            let page = browser.join().unwrap();
            assert!(page.starts_with(status) && page.contains(words), "{page}");
            for header in ["Cache-Control: no-store", "Referrer-Policy: no-referrer", "default-src 'none'"] {
                assert!(page.contains(header), "{header}");
            }
            // The page tells nothing of what came: no code can be read off it.
            assert!(!page.contains("code=c"));
        }
    }

    #[test]
    fn everything_else_is_turned_away_and_nobody_is_bothered() {
        let (ear, arrivals) = ear();
        let port = ear.port();
        let here = format!("Host: 127.0.0.1:{port}\r\n");
        let with = |line: &str, headers: &str| format!("{line} HTTP/1.1\r\n{headers}\r\n");
        for (request, status) in [
            (with("GET /", &here), 404),
            (with("GET /techo/", &here), 404),
            (with("GET /favicon.ico", &here), 404),
            (with("GET http://127.0.0.1/techo?code=c", &here), 404),
            (with("POST /techo?code=c", &here), 405),
            (with("HEAD /techo?code=c", &here), 405),
            (with("OPTIONS /techo", &here), 405),
            (with("GET /techo?code=c", ""), 421),
            (with("GET /techo?code=c", "Host: attacker.example\r\n"), 421),
            (with("GET /techo?code=c", "Host: localhost\r\n"), 421),
            (with("GET /techo?code=c", "Host: 127.0.0.1\r\n"), 421),
            (with("GET /techo?code=c", &format!("{here}{here}")), 400),
            (with("GET /techo?code=c", &format!("{here}Content-Length: 4\r\n")), 400),
            (with("GET /techo?code=c", &format!("{here}Transfer-Encoding: chunked\r\n")), 400),
            (with("GET /techo?code=c", &format!("{here}nonsense\r\n")), 400),
            (with("GET /techo?code=ü", &here), 400),
            (with("GET  /techo", &here), 400),
            (format!("GET /techo HTTP/2\r\n{here}\r\n"), 400),
            ("\u{1}\u{2}\r\n\r\n".to_owned(), 400),
            (format!("GET /techo?code={} HTTP/1.1\r\n{here}\r\n", "c".repeat(LONGEST_HEAD + 2048)), 400),
        ] {
            let answer = say(port, &request);
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{request:?}: {answer}");
        }
        assert!(arrivals.try_recv().is_err());
    }

    #[test]
    fn a_connection_that_says_nothing_keeps_nobody_out() {
        let (ear, arrivals) = ear();
        let port = ear.port();
        let silent: Vec<TcpStream> = (0..MOST - 1).map(|_| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap()).collect();
        let browser = thread::spawn(move || say(port, &get(port, "/techo?x")));
        arrivals.recv_timeout(PATIENCE).unwrap().answer(true);
        assert!(browser.join().unwrap().starts_with("HTTP/1.1 200 "));
        drop(silent);
    }

    #[test]
    fn a_closed_ear_frees_its_port_for_the_one_that_goes_on() {
        let (ear, _arrivals) = ear();
        let port = ear.port();
        drop(ear);
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());
        let (to, _from) = mpsc::channel::<Arrival>();
        let again = Loopback::open(Some(port), to).unwrap();
        assert_eq!(again.port(), port);
    }
}
