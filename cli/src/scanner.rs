//! Asks the malware scanner of this computer, ClamAV's `clamd`, about a file before it is taken in. Speaks its `INSTREAM`
//! command (clamd(8)): the bytes go over its socket in pieces, and one line comes back. Nothing leaves the computer: a socket
//! of the file system, or a port of this very machine that the person named.

#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    path::PathBuf,
    time::Duration,
};

/// Where Debian, Fedora and Homebrew put clamd's socket: folders that only the system writes to. A port is never guessed,
/// for any program could listen on it and be given health records.
const USUAL: [&str; 5] = [
    "/run/clamav/clamd.ctl",
    "/run/clamd.scan/clamd.sock",
    "/run/clamav/clamd.sock",
    "/opt/homebrew/var/run/clamav/clamd.sock",
    "/usr/local/var/run/clamav/clamd.sock",
];
/// How long clamd may let us wait for taking bytes, and for its answer: a large file takes it seconds.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes of one piece.
const PIECE: usize = 64 * 1024;
/// Longest answer that is read; clamd's are one short line.
const ANSWER: u64 = 4096;
/// Longest name of what was found that is shown.
const NAME: usize = 80;

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// clamd knows nothing against it.
    Clean,
    /// clamd calls it this.
    Found(String),
    /// Nobody looked.
    NotScanned(Why),
}

/// Why nobody looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The person wants it so.
    Off,
    /// There is no clamd, or it does not take a connection.
    Absent,
    /// It is larger than clamd is set to look at.
    TooLarge,
    /// clamd gave no answer in time, or none that is known.
    NoAnswer,
}

impl Verdict {
    /// The id in JSON.
    pub(crate) const fn id(&self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Found(_) => "found",
            Self::NotScanned(Why::Off) => "off",
            Self::NotScanned(Why::Absent) => "absent",
            Self::NotScanned(Why::TooLarge) => "too_large",
            Self::NotScanned(Why::NoAnswer) => "no_answer",
        }
    }
}

/// Which clamd is asked: `off`, a path of its socket, or a port of this computer such as `127.0.0.1:3310`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Scanner {
    /// The first that is at one of the usual places.
    #[default]
    Usual,
    Off,
    Socket(PathBuf),
    Port(SocketAddr),
}

/// A port of another computer: the file would cross the network in the clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("only a port of this computer, such as 127.0.0.1:3310")]
pub(crate) struct NotHere;

impl std::str::FromStr for Scanner {
    type Err = NotHere;

    fn from_str(text: &str) -> Result<Self, NotHere> {
        match text.parse::<SocketAddr>() {
            _ if text == "off" => Ok(Self::Off),
            Ok(port) if port.ip().is_loopback() => Ok(Self::Port(port)),
            Ok(_) => Err(NotHere),
            // A host's name may be anywhere.
            Err(_) if text.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) => Err(NotHere),
            Err(_) => Ok(Self::Socket(PathBuf::from(text))),
        }
    }
}

impl Scanner {
    /// Has clamd look at everything there is to read.
    ///
    /// # Errors
    /// When the file cannot be read. What is wrong with clamd is a verdict.
    pub(crate) fn look(&self, file: &mut impl Read) -> io::Result<Verdict> {
        let connection = match self {
            Self::Off => return Ok(Verdict::NotScanned(Why::Off)),
            Self::Usual => USUAL.iter().find_map(|place| socket(PathBuf::from(place))),
            Self::Socket(place) => socket(place.clone()),
            Self::Port(port) => TcpStream::connect_timeout(port, PATIENCE).ok().and_then(|stream| {
                stream.set_read_timeout(Some(PATIENCE)).and(stream.set_write_timeout(Some(PATIENCE))).ok()?;
                Some(Box::new(stream) as Box<dyn Connection>)
            }),
        };
        match connection {
            Some(connection) => ask(connection, file),
            None => Ok(Verdict::NotScanned(Why::Absent)),
        }
    }
}

trait Connection: Read + Write {}
impl<T: Read + Write> Connection for T {}

#[cfg(unix)]
fn socket(place: PathBuf) -> Option<Box<dyn Connection>> {
    let stream = UnixStream::connect(place).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).and(stream.set_write_timeout(Some(PATIENCE))).ok()?;
    Some(Box::new(stream))
}

#[cfg(not(unix))]
fn socket(_: PathBuf) -> Option<Box<dyn Connection>> {
    None
}

/// `zINSTREAM`, then pieces with their length in front (four bytes, the highest first), then an empty one; the answer ends
/// with a zero byte.
fn ask(mut clamd: impl Connection, file: &mut impl Read) -> io::Result<Verdict> {
    let mut went = clamd.write_all(b"zINSTREAM\0");
    let mut piece = vec![0_u8; PIECE];
    while went.is_ok() {
        let read = match file.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        let length = u32::try_from(read).unwrap_or(u32::MAX).to_be_bytes();
        went = clamd.write_all(&length).and_then(|()| clamd.write_all(piece.get(..read).unwrap_or_default()));
        if read == 0 {
            break;
        }
    }
    if went.is_ok() {
        went = clamd.flush();
    }
    // clamd hangs up in the middle of what is too large for it, and has said so before.
    let mut answer = Vec::new();
    let heard = clamd.take(ANSWER).read_to_end(&mut answer);
    // A connection that ends with an error may have brought the answer before it.
    let said = (heard.is_ok() || !answer.is_empty()).then_some(answer.as_slice()).unwrap_or_default();
    Ok(verdict(said, went.is_ok()))
}

/// What an answer means. Only the exact words make a file clean, and only where clamd was given all of it.
fn verdict(answer: &[u8], is_whole: bool) -> Verdict {
    let text = String::from_utf8_lossy(answer);
    let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    if text == "stream: OK" && is_whole {
        return Verdict::Clean;
    }
    if let Some(name) = text.strip_prefix("stream: ").and_then(|text| text.strip_suffix(" FOUND")) {
        let is_plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | ':' | '+');
        return Verdict::Found(name.chars().filter(is_plain).take(NAME).collect());
    }
    let is_too_large = text.starts_with("INSTREAM size limit exceeded");
    Verdict::NotScanned(if is_too_large { Why::TooLarge } else { Why::NoAnswer })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;

    #[test]
    fn only_the_exact_words_about_the_whole_file_make_it_clean() {
        let absent = Verdict::NotScanned(Why::NoAnswer);
        for (answer, is_whole, said) in [
            ("stream: OK\0", true, Verdict::Clean),
            ("stream: OK\0", false, absent.clone()),
            ("stream: OKAY\0", true, absent.clone()),
            ("OK", true, absent.clone()),
            ("", true, absent.clone()),
            ("stream: Can't allocate memory ERROR\0", true, absent),
            ("stream: Win.Test.EICAR_HDB-1 FOUND\0", true, Verdict::Found("Win.Test.EICAR_HDB-1".to_owned())),
            ("stream: \u{1b}[31mred FOUND\0", true, Verdict::Found("31mred".to_owned())),
            ("INSTREAM size limit exceeded. ERROR\0", false, Verdict::NotScanned(Why::TooLarge)),
        ] {
            assert_eq!(verdict(answer.as_bytes(), is_whole), said, "{answer}");
        }
    }

    #[test]
    fn only_this_computer_is_asked() {
        assert_eq!("off".parse(), Ok(Scanner::Off));
        assert_eq!("[::1]:3310".parse(), Ok(Scanner::Port("[::1]:3310".parse().unwrap())));
        assert_eq!("/run/clamav/clamd.ctl".parse(), Ok(Scanner::Socket("/run/clamav/clamd.ctl".into())));
        for elsewhere in ["192.0.2.7:3310", "scanner.example:3310", "0.0.0.0:3310"] {
            assert_eq!(elsewhere.parse::<Scanner>(), Err(NotHere), "{elsewhere}");
        }
    }

    #[test]
    fn a_file_goes_in_pieces_with_their_length_and_an_empty_one_at_the_end() {
        struct Line(Vec<u8>, io::Cursor<Vec<u8>>);
        impl Read for &mut Line {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                self.1.read(out)
            }
        }
        impl Write for &mut Line {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.write(bytes)
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut line = Line(Vec::new(), io::Cursor::new(b"stream: OK\0".to_vec()));
        let file = vec![7_u8; PIECE + 3];
        assert_eq!(ask(&mut line, &mut file.as_slice()).unwrap(), Verdict::Clean);
        let Some(sent) = line.0.strip_prefix(b"zINSTREAM\0") else { panic!("no command") };
        let expected = [&[0, 1, 0, 0][..], &vec![7; PIECE], &[0, 0, 0, 3], &[7; 3], &[0; 4]].concat();
        assert_eq!(sent, expected);
    }
}
