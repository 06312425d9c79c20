//! Serves the preview over HTTP.
//!
//! In come requests; out go files of the tree, with the script that follows
//! changes added to each page. Every request must name a host of this machine
//! and must not come from a page of another site.

mod file;
mod guard;
mod inject;
mod live;
mod respond;

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::any;

use super::preview::{Found, Preview};
use super::{Failure, Result};
use crate::output::content_type;
use guard::Refusal;
use respond::respond;

/// Under this path are the preview's own files; a site can't have it.
const OWN: &str = "/_rigbook/";

/// What a request needs.
#[derive(Clone)]
struct Server {
    preview: Arc<Preview>,
    bind: IpAddr,
}

/// A server that runs until it is dropped.
pub struct Running {
    pub address: SocketAddr,
    runtime: tokio::runtime::Runtime,
}

/// In bytes: pages are rendered on the server's threads.
const STACK: usize = 32 << 20;

/// Takes an address.
pub fn bind(address: SocketAddr) -> Result<TcpListener> {
    let listener = TcpListener::bind(address).map_err(|error| {
        let (ip, port) = (address.ip(), address.port());
        if error.kind() == std::io::ErrorKind::AddrInUse {
            return Failure::environment(format!("port {port} of {ip} is in use"))
                .help("end the program that has it, or take another one with `--port`; `--port 0` takes any");
        }
        let reason = super::reason(&error);
        Failure::environment(format!("can't listen on {address}: {reason}"))
    })?;
    let ready = listener.set_nonblocking(true);
    ready.map_err(|e| Failure::environment(format!("can't listen on {address}: {e}")))?;
    Ok(listener)
}

/// Serves from now on, in the background.
pub fn start(listener: TcpListener, preview: Arc<Preview>) -> Result<Running> {
    let failed = |e: std::io::Error| {
        Failure::environment(format!("can't start the server: {}", super::reason(&e)))
    };
    let address = listener.local_addr().map_err(failed)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK)
        .build()
        .map_err(failed)?;
    let server = Server {
        preview,
        bind: address.ip(),
    };
    let app = Router::new()
        .route("/_rigbook/live", any(live::live))
        .route("/_rigbook/live.js", any(live::script))
        .route("/_rigbook/live.css", any(live::style))
        .fallback(site)
        .layer(axum::middleware::from_fn_with_state(
            server.clone(),
            guarded,
        ))
        .with_state(server);
    {
        let _inside = runtime.enter();
        let listener = tokio::net::TcpListener::from_std(listener).map_err(failed)?;
        runtime.spawn(async move { axum::serve(listener, app).await });
    }
    Ok(Running { address, runtime })
}

/// Ends the program when the user asks for it, from now on.
pub fn end_on_interrupt(running: &Running) {
    let _inside = running.runtime.enter();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        // Registered here and not in the task, which may start late.
        if let Ok(mut interrupt) = signal(SignalKind::interrupt()) {
            running.runtime.spawn(async move {
                interrupt.recv().await;
                std::process::exit(0);
            });
        }
    }
    #[cfg(not(unix))]
    running.runtime.spawn(async {
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(0);
        }
    });
}

async fn guarded(
    State(server): State<Server>,
    request: Request,
    next: axum::middleware::Next,
) -> Response {
    let checked = guard::check(
        request.headers(),
        request.uri(),
        request.method(),
        server.bind,
    );
    let mut response = match checked {
        Ok(()) => next.run(request).await,
        Err(refusal) => refused(&refusal),
    };
    let headers = response.headers_mut();
    for (name, value) in SAFE {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Headers of every response.
const SAFE: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    (header::CONTENT_SECURITY_POLICY, "frame-ancestors 'self'"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

fn refused(refusal: &Refusal) -> Response {
    let mut response = plain(refusal.status, &refusal.why);
    if refusal.status == StatusCode::METHOD_NOT_ALLOWED {
        let allowed = HeaderValue::from_static("GET, HEAD");
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}

fn plain(status: StatusCode, text: &str) -> Response {
    let mut response = Response::new(Body::from(format!("{text}\n")));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

async fn site(State(server): State<Server>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    // Rendering takes its time, and reading a disk too.
    let answer = tokio::task::spawn_blocking(move || {
        answer(
            &server.preview,
            &parts.method,
            parts.uri.path(),
            &parts.headers,
        )
    });
    let failed = |_| {
        plain(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the page could not be rendered",
        )
    };
    answer.await.unwrap_or_else(failed)
}

fn answer(preview: &Preview, method: &Method, path: &str, headers: &HeaderMap) -> Response {
    let generation = preview.follow().borrow().generation;
    match preview.find(path) {
        Found::File { path, content } => {
            let kind = content_type(&path);
            let content = inject::inject(content, kind, generation);
            respond(method, headers, StatusCode::OK, content, kind)
        }
        Found::Moved(way) => {
            let mut response = plain(StatusCode::MOVED_PERMANENTLY, "moved");
            *response.status_mut() = StatusCode::FOUND;
            if let Ok(way) = HeaderValue::from_str(&way) {
                response.headers_mut().insert(header::LOCATION, way);
            }
            response
        }
        Found::Missing => missing(preview, method, generation),
        Found::NotReady => {
            let content = inject::inject(inject::not_ready(), HTML, generation);
            let none = HeaderMap::new();
            respond(
                method,
                &none,
                StatusCode::SERVICE_UNAVAILABLE,
                content,
                HTML,
            )
        }
    }
}

const HTML: &str = "text/html; charset=utf-8";

fn missing(preview: &Preview, method: &Method, generation: u64) -> Response {
    let page = preview.missing_page().unwrap_or_else(inject::missing);
    let content = inject::inject(page, HTML, generation);
    // Neither ranges nor conditions apply to what is not there.
    respond(
        method,
        &HeaderMap::new(),
        StatusCode::NOT_FOUND,
        content,
        HTML,
    )
}
