//! A person with a real browser: headless Chromium over WebDriver (W3C), a new profile each time, keys pressed where a
//! person would press keys. Its certificate errors stay errors, but for the keys it is given.
//!
//! Eight calls of WebDriver are all that is needed, so they stand here: fantoccini brings the MPL-licensed `webdriver`,
//! thirtyfour some fifteen crates and a TLS provider of its own choice.

use std::{
    env,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

use crate::{
    citizen::{Arrival, Visit},
    error::StandInError,
};

/// Pages of a visit before the person gives up.
const MOST_STEPS: usize = 40;
/// How long a page may take to follow another.
const PATIENCE: Duration = Duration::from_secs(30);
/// What the driver says of an element whose page is gone.
const GONE: [&str; 2] = ["stale element reference", "no such element"];
/// How WebDriver names an element in JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// The Enter key in WebDriver.
const ENTER: char = '\u{e007}';

/// The driver's process; ends with this, and the browser with it.
struct Driver {
    child: Child,
    port: u16,
    /// Path of the session, once there is one.
    session: Option<String>,
    // Kept open, so that whatever the driver still says does not kill it.
    _output: BufReader<ChildStdout>,
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(session) = &self.session {
            // A driver that is killed leaves its browser running; one that is asked to end the session does not.
            let _closed = end_session(self.port, session);
        }
        // It may have ended by itself.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

fn end_session(port: u16, session: &str) -> std::io::Result<()> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(format!("DELETE {session} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n").as_bytes())?;
    // Answered means ended.
    stream.read(&mut [0; 64]).map(drop)
}

/// A browser with a window of the size of a phone.
pub struct Chromium {
    http: reqwest::Client,
    session: String,
    // Dropped first: the browser ends before its profile is deleted.
    driver: Driver,
    profile: TempDir,
}

impl std::fmt::Debug for Chromium {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Chromium(..)")
    }
}

fn stopped(why: impl Into<String>) -> StandInError {
    StandInError::Browser(why.into())
}

/// The browser shows a refusal of a connection as a page of its own.
fn refused(page: &str) -> Result<(), StandInError> {
    let Some((_, code)) = page.split_once("net::ERR_") else { return Ok(()) };
    let code: String = code.chars().take_while(|letter| letter.is_ascii_uppercase() || *letter == '_').collect();
    Err(stopped(format!("net::ERR_{code}")))
}

/// Whether Chromium and its driver are on the search path.
pub fn is_chromium_here() -> bool {
    let found = |name: &str| env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(name).is_file()));
    found("chromium") && found("chromedriver")
}

impl Chromium {
    /// Starts a browser that accepts the certificates with these public keys (SHA-256, base64) and no other unknown ones.
    pub async fn start(accepted: &[String]) -> Result<Self, StandInError> {
        Self::start_with(accepted, None).await
    }

    /// The same with a camera that films `film` (Y4M or MJPEG) over and over, and that every page may use.
    pub async fn start_with(accepted: &[String], film: Option<&Path>) -> Result<Self, StandInError> {
        let profile = TempDir::with_prefix("techo-chromium-")?;
        let driver = tokio::task::spawn_blocking(start_driver).await.map_err(|_| stopped("the driver's thread ended"))??;
        // Plain HTTP to a loopback port; the client still wants a TLS configuration, which trusts nobody.
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(crate::tls::client(&[], None)?)
            .no_proxy()
            .timeout(Duration::from_mins(1))
            .build()
            .map_err(|_| StandInError::Certificate("browser"))?;
        let mut browser = Self { http, session: format!("http://127.0.0.1:{}/session", driver.port), driver, profile };
        let options = browser.options(accepted, film);
        let begun = browser.call("", Some(json!({ "capabilities": { "alwaysMatch": options } }))).await?;
        let id = begun.get("sessionId").and_then(Value::as_str).ok_or_else(|| stopped("no session"))?;
        browser.session = format!("{}/{id}", browser.session);
        browser.driver.session = Some(format!("/session/{id}"));
        Ok(browser)
    }

    fn options(&self, accepted: &[String], film: Option<&Path>) -> Value {
        let profile = format!("--user-data-dir={}", self.profile.path().display());
        let keys = format!("--ignore-certificate-errors-spki-list={}", accepted.join(","));
        let film = film.map(|film| format!("--use-file-for-fake-video-capture={}", film.display()));
        let mut arguments = vec![
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--lang=ja",
            &profile,
            &keys,
        ];
        if let Some(film) = &film {
            arguments.extend(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", film]);
        }
        json!({
            "browserName": "chrome",
            "acceptInsecureCerts": false,
            "timeouts": { "pageLoad": 30_000 },
            "goog:chromeOptions": {
                "args": arguments,
                "mobileEmulation": { "deviceMetrics": { "width": 390, "height": 844, "pixelRatio": 2.0 } },
            },
        })
    }

    /// One call: POST with a body, GET without.
    async fn call(&self, path: &str, body: Option<Value>) -> Result<Value, StandInError> {
        // The driver says "unknown error" when it is asked about a page that is just being exchanged for another, or when a
        // busy machine takes too long over a picture. What only looks may be asked again, for a while.
        let only_looks = body.is_none() || path == "/elements";
        let began = Instant::now();
        loop {
            match self.call_once(path, body.as_ref()).await {
                Err(StandInError::Browser(why)) if only_looks && why == "unknown error " && began.elapsed() < PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                done => return done,
            }
        }
    }

    async fn call_once(&self, path: &str, body: Option<&Value>) -> Result<Value, StandInError> {
        let address = format!("{}{path}", self.session);
        let request = match body {
            Some(body) => self.http.post(address).header("content-type", "application/json").body(body.to_string()),
            None => self.http.get(address),
        };
        let response = request.send().await.map_err(|_| stopped("the driver does not answer"))?;
        let is_good = response.status().is_success();
        let bytes = response.bytes().await.map_err(|_| stopped("the driver does not answer"))?;
        let value: Value = serde_json::from_slice(&bytes).map_err(|_| stopped("the driver's answer"))?;
        let value = value.get("value").cloned().unwrap_or_default();
        if is_good {
            return Ok(value);
        }
        // Its message holds an address of ours with a code in it at times: only its kind, and the network's own words.
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        let net = text("message").split(|other: char| !(other.is_ascii_alphanumeric() || "_:".contains(other)));
        let net: Vec<&str> = net.filter(|word| word.starts_with("net::")).take(1).collect();
        Err(stopped(format!("{} {}", text("error"), net.join(""))))
    }

    /// Opens an address, and waits until its page is there.
    pub async fn open(&self, address: &str) -> Result<(), StandInError> {
        self.call("/url", Some(json!({ "url": address }))).await?;
        refused(&self.page().await?)
    }

    /// Where it is.
    pub async fn address(&self) -> Result<Url, StandInError> {
        let text = self.call("/url", None).await?;
        Url::parse(text.as_str().unwrap_or_default()).map_err(|_| stopped("not an address"))
    }

    /// The page as the browser has it.
    pub async fn page(&self) -> Result<String, StandInError> {
        Ok(self.call("/source", None).await?.as_str().unwrap_or_default().to_owned())
    }

    /// A picture of the page, PNG.
    pub async fn picture(&self) -> Result<Vec<u8>, StandInError> {
        let text = self.call("/screenshot", None).await?;
        STANDARD.decode(text.as_str().unwrap_or_default()).map_err(|_| stopped("not a picture"))
    }

    async fn find_all(&self, selector: &str) -> Result<Vec<String>, StandInError> {
        let found = self.call("/elements", Some(json!({ "using": "css selector", "value": selector }))).await?;
        let ids = found.as_array().into_iter().flatten().filter_map(|element| element.get(ELEMENT)?.as_str().map(str::to_owned));
        Ok(ids.collect())
    }

    async fn find(&self, selector: &str) -> Result<Option<String>, StandInError> {
        Ok(self.find_all(selector).await?.into_iter().next())
    }

    /// Does what leads to another page, and waits until the page that was there is gone.
    async fn leave(&self, doing: impl Future<Output = Result<(), StandInError>>) -> Result<(), StandInError> {
        let root = self.find("html").await?.ok_or_else(|| stopped("no page"))?;
        doing.await?;
        let began = Instant::now();
        // A page that is gone is one whose elements the driver no longer knows; then the next one is being loaded, and
        // the driver answers nothing more until that has ended.
        loop {
            match self.call(&format!("/element/{root}/name"), None).await {
                Ok(_) if began.elapsed() > PATIENCE => return Err(stopped("the page stayed")),
                Ok(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                Err(StandInError::Browser(why)) if GONE.iter().any(|kind| why.starts_with(kind)) => return Ok(()),
                Err(other) => return Err(other),
            }
        }
    }

    /// What stands in an element.
    pub async fn text(&self, selector: &str) -> Result<String, StandInError> {
        let element = self.find(selector).await?.ok_or_else(|| stopped(format!("nothing there: {selector}")))?;
        Ok(self.call(&format!("/element/{element}/text"), None).await?.as_str().unwrap_or_default().to_owned())
    }

    /// Chooses files in a field for files.
    pub async fn choose(&self, selector: &str, files: &[std::path::PathBuf]) -> Result<(), StandInError> {
        let element = self.find(selector).await?.ok_or_else(|| stopped(format!("nothing to choose in: {selector}")))?;
        let text = files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join("\n");
        self.call(&format!("/element/{element}/value"), Some(json!({ "text": text }))).await.map(drop)
    }

    /// Presses what a selector finds first.
    pub async fn press(&self, selector: &str) -> Result<(), StandInError> {
        let element = self.find(selector).await?.ok_or_else(|| stopped(format!("nothing to press: {selector}")))?;
        self.call(&format!("/element/{element}/click"), Some(json!({}))).await.map(drop)
    }

    /// Types where the page has put the cursor, and presses Enter.
    async fn type_and_enter(&self, text: &str) -> Result<(), StandInError> {
        let active = self.call("/element/active", None).await?;
        let element = active.get(ELEMENT).and_then(Value::as_str).ok_or_else(|| stopped("no cursor"))?;
        let text = format!("{text}{ENTER}");
        self.call(&format!("/element/{element}/value"), Some(json!({ "text": text }))).await.map(drop)
    }

    /// Opens `address` and does what `visit` says until there is nothing more to do. `seen` is shown each page on the way
    /// as a picture. The trail has the first and the last address only: a browser tells no more.
    pub async fn visit(&self, address: &str, visit: &Visit, mut seen: impl FnMut(&str, Vec<u8>)) -> Result<Arrival, StandInError> {
        let start = Url::parse(address).map_err(|_| stopped("not an address"))?;
        let mut arrival = Arrival { trail: vec![start], status: 0, page: String::new(), items: Vec::new(), operator: None };
        let mut pins = visit.pins.iter();
        let mut last_pin = String::new();
        self.open(address).await?;
        for _ in 0..MOST_STEPS {
            let page = self.page().await?;
            let form = ["card", "pin", "subject", "consent", "cancel"].iter().find(|id| page.contains(&format!("<form id=\"{id}\"")));
            seen(form.copied().unwrap_or("end"), self.picture().await?);
            match form.copied() {
                Some("card") => self.leave(self.press(&format!("button[name=card][value={}]", visit.card.id()))).await?,
                Some("pin") => {
                    if let Some(pin) = pins.next() {
                        last_pin.clone_from(pin);
                    }
                    self.leave(self.type_and_enter(&last_pin)).await?;
                }
                Some("subject") => {
                    let subject = visit.subject.unwrap_or(visit.card).id();
                    self.leave(self.press(&format!("button[name=subject][value={subject}]"))).await?;
                }
                Some("consent") => {
                    for element in self.find_all("[data-item]").await? {
                        let item = self.call(&format!("/element/{element}/attribute/data-item"), None).await?;
                        let item = item.as_str().unwrap_or_default().to_owned();
                        if !arrival.items.contains(&item) {
                            arrival.items.push(item);
                        }
                    }
                    for element in self.find_all("#operator").await? {
                        arrival.operator = self.call(&format!("/element/{element}/text"), None).await?.as_str().map(str::to_owned);
                    }
                    let answer = if visit.agrees { "yes" } else { "no" };
                    self.leave(self.press(&format!("button[name=answer][value={answer}]"))).await?;
                }
                Some(_) => self.leave(self.press("#cancel button")).await?,
                None => {
                    refused(&page)?;
                    arrival.trail.push(self.address().await?);
                    arrival.page = page;
                    return Ok(arrival);
                }
            }
        }
        Err(stopped("too many pages"))
    }
}

fn start_driver() -> Result<Driver, StandInError> {
    let mut child =
        Command::new("chromedriver").arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let output = child.stdout.take().ok_or_else(|| stopped("the driver says nothing"))?;
    let mut output = BufReader::new(output);
    let mut line = String::new();
    while output.read_line(&mut line)? > 0 {
        let port = line.trim_end().trim_end_matches('.').rsplit_once("successfully on port ").and_then(|(_, port)| port.parse().ok());
        if let Some(port) = port {
            return Ok(Driver { child, port, session: None, _output: output });
        }
        line.clear();
    }
    let _ended = child.kill();
    let _status = child.wait();
    Err(stopped("the driver ended"))
}

/// Whether a browser test can run: `true` where Chromium is; `false`, said loudly, where it is not; an error in CI, where
/// a skip is a failure.
pub fn is_browser_to_be_had(test: &str) -> Result<bool, StandInError> {
    if is_chromium_here() {
        return Ok(true);
    }
    if env::var("CI").is_ok_and(|value| value == "true") {
        return Err(stopped("chromium and chromedriver are missing, and in CI they must be there"));
    }
    // Not by a macro that a test's capture swallows when it passes.
    let _said = std::io::stderr()
        .write_all(format!("SKIPPED: {test}: chromium and chromedriver (Debian: chromium, chromium-driver) are missing\n").as_bytes());
    Ok(false)
}

/// Writes a picture to the folder that `TECHO_PICTURES` names, if it names one: for whoever wants to look at the pages.
pub fn keep_picture(name: &str, png: &[u8]) {
    if let Some(folder) = env::var_os("TECHO_PICTURES") {
        // A picture for a person's eyes: no test depends on it.
        let _kept = std::fs::write(Path::new(&folder).join(format!("{name}.png")), png);
    }
}
