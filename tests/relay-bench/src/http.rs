//! A client that costs little: one connection, one request after another, no more of HTTP than the relay's answers need.

use std::net::SocketAddr;

use techo_protocol::{VERSION, message::VERSION_HEADER};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

use crate::Failure;

pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::with_capacity(1024, stream) })
    }

    /// One request and its answer.
    pub(crate) async fn ask(&mut self, method: &str, path: &str, secret: &str, body: &[u8]) -> Result<Answer, Failure> {
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: relay\r\n{VERSION_HEADER}: {VERSION}\r\nauthorization: Bearer {secret}\r\ncontent-length: {length}\r\n\r\n"
        );
        self.stream.write_all(&[head.as_bytes(), body].concat()).await?;
        let status = self.line().await?;
        let status = status.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or("not an answer")?;
        let mut length = 0;
        loop {
            let line = self.line().await?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await?;
        Ok(Answer { status, body })
    }

    /// The same, of which an answer of this status is expected.
    pub(crate) async fn get(&mut self, expected: u16, method: &str, path: &str, secret: &str, body: &[u8]) -> Result<Vec<u8>, Failure> {
        let answer = self.ask(method, path, secret, body).await?;
        if answer.status == expected {
            Ok(answer.body)
        } else {
            Err(format!("{method} {path}: {} {}", answer.status, String::from_utf8_lossy(&answer.body)).into())
        }
    }

    async fn line(&mut self) -> Result<String, Failure> {
        let mut line = String::new();
        if self.stream.read_line(&mut line).await? == 0 {
            return Err("the connection was closed".into());
        }
        Ok(line.trim_end().to_owned())
    }
}
