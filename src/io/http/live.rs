//! Tells open pages what has changed, over one WebSocket each, and serves the
//! script that listens.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;

use super::Server;
use super::respond::respond;
use crate::io::preview::{Content, Status};

/// A tab that is gone without a word is noticed after this time.
const PING: Duration = Duration::from_secs(30);
/// A page says nothing; more than this, in bytes, ends the connection.
const LONGEST: usize = 1024;

/// The WebSocket: sends the status at once and whenever it changes.
pub async fn live(State(server): State<Server>, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .max_message_size(LONGEST)
        .on_upgrade(move |socket| follow(server, socket))
}

async fn follow(server: Server, mut socket: WebSocket) {
    let mut status = server.preview.follow();
    loop {
        let message = text(&status.borrow_and_update());
        if socket.send(Message::text(message)).await.is_err() {
            return;
        }
        loop {
            tokio::select! {
                changed = status.changed() => match changed {
                    Ok(()) => break,
                    Err(_) => return,
                },
                said = socket.recv() => match said {
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                    Some(Ok(_)) => {}
                },
                () = tokio::time::sleep(PING) => {
                    if socket.send(Message::Ping(Vec::new().into())).await.is_err() {
                        return;
                    }
                }
            }
        }
    }
}

fn text(status: &Status) -> String {
    serde_json::to_string(status).expect("numbers and strings are JSON")
}

/// The script.
pub async fn script(method: Method, headers: HeaderMap) -> Response {
    own(
        &method,
        &headers,
        include_str!("live.js"),
        "text/javascript; charset=utf-8",
    )
}

/// The overlay's looks.
pub async fn style(method: Method, headers: HeaderMap) -> Response {
    own(
        &method,
        &headers,
        include_str!("live.css"),
        "text/css; charset=utf-8",
    )
}

fn own(method: &Method, headers: &HeaderMap, text: &str, kind: &'static str) -> Response {
    let content = Content::Bytes {
        bytes: text.as_bytes().into(),
        tag: blake3::hash(text.as_bytes()).to_hex()[..20].to_owned(),
    };
    respond(method, headers, StatusCode::OK, content, kind)
}
