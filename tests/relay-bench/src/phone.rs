//! A phone: its random values, and what it says to a relay.

use techo_protocol::{
    CodeVerifier, GrantDigest, Nonce, SessionId, SessionSecret, State,
    message::{Progress, Return, Stage, Start},
    seal::PrivateKey,
};

use crate::{Failure, http::Connection};

pub(crate) struct Phone {
    pub(crate) id: SessionId,
    pub(crate) secret: String,
    pub(crate) key: PrivateKey,
    pub(crate) grant: GrantDigest,
    identity_state: State,
    authorization_state: State,
    verifier: CodeVerifier,
    nonce: Nonce,
    path: String,
    start: Vec<u8>,
}

impl Phone {
    pub(crate) fn new() -> Result<Self, Failure> {
        let (id, secret, key, grant) =
            (SessionId::make()?, SessionSecret::make()?, PrivateKey::make()?, GrantDigest::of(&[1; 32], b"bench"));
        let (identity_state, authorization_state) = (State::make()?, State::make()?);
        let start = Start {
            secret: secret.digest(),
            phone: key.public()?,
            grant,
            service: "ST0001".to_owned(),
            identity_state: identity_state.digest(),
            authorization_state: authorization_state.digest(),
            back: Return::AppLink,
        };
        Ok(Self {
            id,
            secret: secret.to_text().to_string(),
            key,
            grant,
            identity_state,
            authorization_state,
            verifier: CodeVerifier::make()?,
            nonce: Nonce::make()?,
            path: format!("/v1/sessions/{id}"),
            start: serde_json::to_vec(&start)?,
        })
    }

    pub(crate) async fn begin(&self, relay: &mut Connection) -> Result<(), Failure> {
        stage(&relay.get(200, "PUT", &self.path, &self.secret, &self.start).await?, Stage::AwaitingIdentity)
    }

    pub(crate) async fn status(&self, relay: &mut Connection) -> Result<(), Failure> {
        relay.get(200, "GET", &self.path, &self.secret, b"").await.map(drop)
    }

    /// Waits as long as it may for another stage than `seen`.
    pub(crate) async fn wait(&self, relay: &mut Connection, seen: Stage) -> Result<Vec<u8>, Failure> {
        relay.get(200, "GET", &format!("{}?seen={}&wait=20", self.path, seen.id()), &self.secret, b"").await
    }

    pub(crate) async fn forget(&self, relay: &mut Connection) -> Result<(), Failure> {
        relay.get(204, "DELETE", &self.path, &self.secret, b"").await.map(drop)
    }

    /// A whole fetch: every step that a phone takes, in its order. The sealed answer.
    pub(crate) async fn fetch(&self, relay: &mut Connection) -> Result<Vec<u8>, Failure> {
        self.begin(relay).await?;
        // The stand-in for the identity server puts the code into the token as the nonce.
        let (nonce, state) = (self.nonce.to_text(), self.identity_state.to_text());
        let identity =
            format!(r#"{{"code":"{0}","state":"{1}","verifier":"{2}","nonce":"{0}"}}"#, *nonce, *state, *self.verifier.to_text());
        stage(&self.post(relay, "identity", &identity).await?, Stage::IdentitySealed)?;
        self.take(relay, "identity").await?;
        let authorization = format!(r#"{{"code":"code","state":"{}"}}"#, *self.authorization_state.to_text());
        let mut reached = self.post(relay, "authorization", &authorization).await?;
        while stage(&reached, Stage::Requested).is_ok() {
            reached = self.wait(relay, Stage::Requested).await?;
        }
        stage(&reached, Stage::ResultSealed)?;
        let sealed = self.take(relay, "result").await?;
        self.forget(relay).await?;
        Ok(sealed)
    }

    async fn post(&self, relay: &mut Connection, leg: &str, body: &str) -> Result<Vec<u8>, Failure> {
        relay.get(200, "POST", &format!("{}/{leg}", self.path), &self.secret, body.as_bytes()).await
    }

    async fn take(&self, relay: &mut Connection, leg: &str) -> Result<Vec<u8>, Failure> {
        let path = format!("{}/sealed/{leg}", self.path);
        let sealed = relay.get(200, "GET", &path, &self.secret, b"").await?;
        relay.get(204, "DELETE", &path, &self.secret, b"").await?;
        Ok(sealed)
    }
}

fn stage(body: &[u8], expected: Stage) -> Result<(), Failure> {
    let progress: Progress = serde_json::from_slice(body)?;
    if progress.stage == expected { Ok(()) } else { Err(format!("{progress:?} instead of {}", expected.id()).into()) }
}
