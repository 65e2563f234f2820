//! A person with a browser: opens the address an app gives, reads the pages' forms as they stand there, fills them,
//! keeps cookies, and follows redirects one by one, to the app's loopback port at last. Trusts the roots it was given.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use reqwest::{Response, header, redirect::Policy};
use roxmltree::{Document, Node, ParsingOptions};
use rustls::pki_types::CertificateDer;
use url::{Url, form_urlencoded};

use crate::{
    card::{Card, PIN},
    error::StandInError,
    tls,
};

/// Pages and redirects of a visit before the browser gives up.
const MOST_STEPS: usize = 40;

/// What a person does on the pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The card that is held to the reader.
    pub card: Card,
    /// What is typed as the PIN, time after time; the last one again and again.
    pub pins: Vec<String>,
    /// Whether they agree on the consent screen.
    pub agrees: bool,
    /// Whose information it is about, where the page asks; the card's own, where not said.
    pub subject: Option<Card>,
    /// Whether the browser opens the operator's redirect address. If not, it stops before: the address is in the trail.
    pub delivers: bool,
}

impl Visit {
    /// A person with this card, who knows its PIN and agrees.
    pub fn with(card: Card) -> Self {
        Self { card, pins: vec![PIN.to_owned()], agrees: true, subject: None, delivers: true }
    }

    /// … who does not agree.
    #[must_use]
    pub fn refusing(self) -> Self {
        Self { agrees: false, ..self }
    }

    /// … who types these PINs, one after the other.
    #[must_use]
    pub fn typing(self, pins: &[&str]) -> Self {
        Self { pins: pins.iter().map(|pin| (*pin).to_owned()).collect(), ..self }
    }

    /// … as the registered proxy of `subject`.
    #[must_use]
    pub fn for_subject(self, subject: Card) -> Self {
        Self { subject: Some(subject), ..self }
    }

    /// … whose browser stops before it opens the operator's address, as somebody who copies the link would.
    #[must_use]
    pub fn stopping_before_delivery(self) -> Self {
        Self { delivers: false, ..self }
    }
}

/// Where the browser came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Every address that was opened, or would have been next, in order.
    pub trail: Vec<Url>,
    /// HTTP status of the last page; 0 where it was not opened.
    pub status: u16,
    /// The last page, as text.
    pub page: String,
    /// Items on the consent screen, by their ids, where there was one.
    pub items: Vec<String>,
    /// The operator named on the consent screen.
    pub operator: Option<String>,
}

impl Arrival {
    /// The last address.
    pub fn address(&self) -> Option<&Url> {
        self.trail.last()
    }

    /// The last value that an address of the trail gave this parameter: `code`, `state`, `error`.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let value = |url: &Url| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        // The request itself carried a state: only addresses after it are answers.
        self.trail.iter().skip(1).rev().find_map(value)
    }

    /// The one-time code.
    pub fn code(&self) -> Option<String> {
        self.parameter("code")
    }

    /// The OAuth error.
    pub fn error(&self) -> Option<String> {
        self.parameter("error")
    }
}

type Jar = HashMap<String, BTreeMap<String, String>>;

/// A browser. Clones share their cookies.
#[derive(Clone)]
pub struct Citizen {
    http: reqwest::Client,
    jar: Arc<Mutex<Jar>>,
}

impl std::fmt::Debug for Citizen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Citizen(..)")
    }
}

struct Form {
    id: String,
    action: String,
    hidden: Vec<(String, String)>,
}

impl Citizen {
    /// A browser without cookies that trusts these roots only.
    pub fn new(roots: &[CertificateDer<'static>]) -> Result<Self, StandInError> {
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::client(roots, None)?)
            .no_proxy()
            .redirect(Policy::none())
            .timeout(Duration::from_mins(1))
            .build()
            .map_err(|_| StandInError::Certificate("browser"))?;
        Ok(Self { http, jar: Arc::default() })
    }

    /// Opens `address` and does what `visit` says until there is nothing more to do.
    pub async fn visit(&self, address: &str, visit: &Visit) -> Result<Arrival, StandInError> {
        let start = Url::parse(address).map_err(|_| stopped("not an address"))?;
        let mut arrival = Arrival { trail: vec![start.clone()], status: 0, page: String::new(), items: Vec::new(), operator: None };
        let mut pins = visit.pins.iter();
        let mut last_pin = String::new();
        let mut here = start;
        let mut response = self.open(&here).await?;
        for _ in 0..MOST_STEPS {
            if response.status().is_redirection() {
                let to =
                    response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).ok_or(stopped("a redirect to nowhere"))?;
                here = here.join(to).map_err(|_| stopped("a redirect to nowhere"))?;
                arrival.trail.push(here.clone());
                let is_answer = here.query_pairs().any(|(name, _)| name == "code" || name == "error");
                if is_answer && !visit.delivers {
                    return Ok(arrival);
                }
                response = self.open(&here).await?;
                continue;
            }
            arrival.status = response.status().as_u16();
            arrival.page = response.text().await.map_err(|error| failed(&error))?;
            let forms = read_page(&arrival.page, &mut arrival.items, &mut arrival.operator);
            let form = |id: &str| forms.iter().find(|form| form.id == id);
            let pressed = if let Some(form) = form("card") {
                Some((form, vec![("card", visit.card.id())]))
            } else if let Some(form) = form("pin") {
                if let Some(pin) = pins.next() {
                    last_pin.clone_from(pin);
                }
                Some((form, vec![("pin", last_pin.as_str())]))
            } else if let Some(form) = form("subject") {
                Some((form, vec![("subject", visit.subject.unwrap_or(visit.card).id())]))
            } else if let Some(form) = form("consent") {
                Some((form, vec![("answer", if visit.agrees { "yes" } else { "no" })]))
            } else {
                form("cancel").map(|form| (form, Vec::new()))
            };
            let Some((form, filled)) = pressed else { return Ok(arrival) };
            here = here.join(&form.action).map_err(|_| stopped("a form to nowhere"))?;
            response = self.submit(&here, form, &filled).await?;
        }
        Err(stopped("too many pages"))
    }

    /// Opens one address, as a browser does: with cookies, and without following anything.
    pub async fn open(&self, address: &Url) -> Result<Response, StandInError> {
        let response = self.with_cookies(self.http.get(address.clone()), address).send().await.map_err(|error| failed(&error))?;
        self.keep_cookies(address, &response);
        Ok(response)
    }

    async fn submit(&self, to: &Url, form: &Form, filled: &[(&str, &str)]) -> Result<Response, StandInError> {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        body.extend_pairs(filled.iter().copied());
        let request = self.http.post(to.clone()).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body.finish());
        let response = self.with_cookies(request, to).send().await.map_err(|error| failed(&error))?;
        self.keep_cookies(to, &response);
        Ok(response)
    }

    fn with_cookies(&self, request: reqwest::RequestBuilder, to: &Url) -> reqwest::RequestBuilder {
        let jar = self.jar.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(cookies) = jar.get(&to.origin().ascii_serialization()) else { return request };
        let text: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.header(header::COOKIE, text.join("; "))
    }

    fn keep_cookies(&self, from: &Url, response: &Response) {
        let mut jar = self.jar.lock().unwrap_or_else(PoisonError::into_inner);
        for value in response.headers().get_all(header::SET_COOKIE) {
            let pair = value.to_str().ok().and_then(|text| text.split(';').next()).and_then(|pair| pair.split_once('='));
            if let Some((name, value)) = pair {
                jar.entry(from.origin().ascii_serialization()).or_default().insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
    }
}

fn stopped(why: &str) -> StandInError {
    StandInError::Browser(why.to_owned())
}

/// Without the address, which can carry a code.
fn failed(error: &reqwest::Error) -> StandInError {
    let why = if error.is_connect() {
        "no connection, or a certificate it does not trust"
    } else if error.is_timeout() {
        "no answer in time"
    } else {
        "the connection broke"
    };
    stopped(why)
}

/// The forms of a page, and what a consent screen lists.
fn read_page(page: &str, items: &mut Vec<String>, operator: &mut Option<String>) -> Vec<Form> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    // A page that is not well-formed is not the stand-in's: there is nothing on it to fill.
    let Ok(tree) = Document::parse_with_options(page, options) else { return Vec::new() };
    let text = |node: Node<'_, '_>| node.text().unwrap_or_default().trim().to_owned();
    for node in tree.descendants() {
        if let Some(item) = node.attribute("data-item")
            && !items.iter().any(|known| known == item)
        {
            items.push(item.to_owned());
        }
        if node.attribute("id") == Some("operator") {
            *operator = Some(text(node));
        }
    }
    let forms = tree.descendants().filter(|node| node.has_tag_name("form") && node.attribute("method") == Some("post"));
    let forms = forms.filter_map(|form| {
        let hidden = form.descendants().filter(|node| node.has_tag_name("input") && node.attribute("type") == Some("hidden"));
        let pair = |node: Node<'_, '_>| Some((node.attribute("name")?.to_owned(), node.attribute("value")?.to_owned()));
        Some(Form {
            id: form.attribute("id")?.to_owned(),
            action: form.attribute("action")?.to_owned(),
            hidden: hidden.filter_map(pair).collect(),
        })
    });
    forms.collect()
}
