//! 自己情報取得API, the relay's part of it: the authorization leg's code becomes a token, the token a request, and after the
//! call-back the request a result. Names and paths come from the protocol's list.

use chrono::{DateTime, Utc};
use reqwest::{
    RequestBuilder,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue},
};
use serde::{Deserialize, Serialize};
use techo_protocol::{
    SecretText,
    message::{Answer, Failure, LARGEST_ANSWER},
    names::{BadNames, PortalNames, names},
};

use super::{
    call::{Broken, Call, Caller, Repeat, Reply, failure},
    telegram::{CommonHeader, FORM, Serial, bearer, form, inquiry_condition},
};

const SMALL: usize = 64 * 1024;
const JSON: &str = "application/json; charset=utf-8";

const TOKEN: Call = Call { name: "portal_token", repeat: Repeat::Unsent, largest: SMALL };
// Repeated, it would be a second fetch, which the person was not asked about.
const REQUEST: Call = Call { name: "portal_request", repeat: Repeat::Unsent, largest: SMALL };
const RESULT: Call = Call { name: "portal_result", repeat: Repeat::Safe, largest: LARGEST_ANSWER };

/// The portal, as a service provider sees it.
#[derive(Debug)]
pub(crate) struct PortalServer {
    caller: Caller,
    names: &'static PortalNames,
    provider: String,
    redirect: String,
    token: String,
    request: String,
    result: String,
    serial: Serial,
}

/// What is needed to fetch a result that was asked for.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ticket {
    pub(crate) token: SecretText,
    pub(crate) process: String,
}

#[derive(Deserialize)]
struct Token {
    access_token: SecretText,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    common_header: CommonHeader,
    #[serde(rename = "selfProvisionDataReqInfo", skip_serializing_if = "Option::is_none")]
    inquiry: Option<Inquiry>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Inquiry {
    inquiry_condition: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    common_header: CommonHeader,
    #[serde(rename = "selfPersonalDataProvisionInfo")]
    provision: Option<Provision>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Provision {
    self_personal_data: Option<SecretText>,
}

impl PortalServer {
    pub(crate) fn new(caller: Caller, sp: &str, provider: String, redirect: String) -> Result<Self, BadNames> {
        let names = &names()?.portal;
        let at = |path: &str| format!("{sp}{path}");
        let (token, request, result) = (at(&names.token.value), at(&names.request.value), at(&names.result.value));
        Ok(Self { caller, names, provider, redirect, token, request, result, serial: Serial::new() })
    }

    /// Exchanges a code and asks for what it allows.
    pub(crate) async fn ask(&self, service: &str, code: &SecretText, now: DateTime<Utc>) -> Result<Ticket, Failure> {
        let token = self.exchange(service, code).await?;
        let telegram = self.telegram(&self.names.request_telegram.value, "", now, Some(inquiry_condition(now)))?;
        let bearer = bearer(&token)?;
        let outcome = self.caller.call(REQUEST, |client| post(client.post(&self.request), &bearer, &telegram)).await;
        let header = self.judged(outcome)?.common_header;
        if header.process_id.is_empty() || !header.is_plain() {
            return Err(Failure::Malformed);
        }
        Ok(Ticket { token, process: header.process_id })
    }

    async fn exchange(&self, service: &str, code: &SecretText) -> Result<SecretText, Failure> {
        let client_id = format!("{}_{service}", self.provider);
        let body = form(&[
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", &self.redirect),
            ("client_id", &client_id),
        ]);
        let outcome = self.caller.call(TOKEN, |client| {
            client.post(&self.token).header(CONTENT_TYPE, FORM).header(ACCEPT, "application/json").body(body.clone())
        });
        let outcome = outcome.await;
        match (failure(&outcome, self.maintenance()), outcome) {
            (Some(failure), _) => Err(failure),
            (None, Ok(reply)) if reply.status == 200 => {
                serde_json::from_slice(&reply.body).map(|token: Token| token.access_token).map_err(|_| Failure::Malformed)
            }
            (None, Ok(reply)) if (400..500).contains(&reply.status) => Err(Failure::CodeRefused),
            (None, _) => Err(Failure::Malformed),
        }
    }

    /// The result of a request.
    pub(crate) async fn result(&self, ticket: &Ticket, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let telegram = self.telegram(&self.names.result_telegram.value, &ticket.process, now, None)?;
        let bearer = bearer(&ticket.token)?;
        let outcome = self.caller.call(RESULT, |client| post(client.post(&self.result), &bearer, &telegram)).await;
        self.answer(outcome, ticket)
    }

    fn answer(&self, outcome: Result<Reply, Broken>, ticket: &Ticket) -> Result<Answer, Failure> {
        let response = self.judged(outcome)?;
        if response.common_header.process_id != ticket.process {
            return Err(Failure::Malformed);
        }
        let data = response.provision.and_then(|provision| provision.self_personal_data).ok_or(Failure::Malformed)?;
        Ok(Answer { self_personal_data: data, process: ticket.process.clone() })
    }

    fn telegram(&self, kind: &str, process: &str, now: DateTime<Utc>, condition: Option<String>) -> Result<String, Failure> {
        let common_header = CommonHeader {
            telegram_id: self.serial.telegram_id(&self.provider, now),
            telegram_type: kind.to_owned(),
            mode: self.names.mode.value.clone(),
            process_id: process.to_owned(),
            error_code: String::new(),
        };
        let request = Request { common_header, inquiry: condition.map(|inquiry_condition| Inquiry { inquiry_condition }) };
        // Fails on nothing that stands in a telegram.
        serde_json::to_string(&request).map_err(|_| Failure::Malformed)
    }

    /// A telegram of the portal that carries no error.
    fn judged(&self, outcome: Result<Reply, Broken>) -> Result<Response, Failure> {
        if let Some(failure) = failure(&outcome, self.maintenance()) {
            return Err(failure);
        }
        let reply = outcome.map_err(|_| Failure::Unreachable)?;
        let response: Response = serde_json::from_slice(&reply.body).map_err(|_| Failure::Malformed)?;
        match response.common_header.error() {
            Some(failure) => Err(failure),
            None if reply.status == 200 => Ok(response),
            None => Err(Failure::Malformed),
        }
    }

    fn maintenance(&self) -> u16 {
        self.names.maintenance_status.value
    }
}

fn post(request: RequestBuilder, bearer: &HeaderValue, telegram: &str) -> RequestBuilder {
    request.header(AUTHORIZATION, bearer.clone()).header(CONTENT_TYPE, JSON).header(ACCEPT, "application/json").body(telegram.to_owned())
}
