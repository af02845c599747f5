//! A small HTTP client: one connection, one request at a time.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// How long an answer may take: longer than any deadline of the server.
const ANSWER_WAIT: Duration = Duration::from_mins(1);

/// A connection to the server; opened when it is needed.
#[derive(Debug)]
pub(crate) struct Client {
    address: SocketAddr,
    /// The API key of its requests, as the line of a header.
    key: String,
    connection: Option<BufReader<TcpStream>>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Reply {
    /// The stable name of the problem.
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or("")
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }
}

impl Client {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, key: String::new(), connection: None }
    }

    /// The same, who says by a key who it is.
    pub(crate) fn with_key(self, key: &str) -> Self {
        Self { key: format!("x-api-key: {key}\r\n"), ..self }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn get(&mut self, path: &str) -> io::Result<Reply> {
        self.exchange(&format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n"))
    }

    /// What is at a path, as text.
    pub(crate) fn text(&mut self, path: &str) -> io::Result<String> {
        let mut connection = open(self.address)?;
        let key = &self.key;
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{key}connection: close\r\n\r\n");
        connection.get_mut().write_all(request.as_bytes())?;
        let mut text = String::new();
        connection.read_to_string(&mut text)?;
        Ok(text)
    }

    /// Sends a command about stock.
    pub(crate) fn post(&mut self, path: &str, body: &Value) -> io::Result<Reply> {
        self.send(path, None, body)
    }

    /// Sends a command about stock, with an `Idempotency-Key` if there is one.
    pub(crate) fn send(
        &mut self,
        path: &str,
        key: Option<&str>,
        body: &Value,
    ) -> io::Result<Reply> {
        let key = key.map_or_else(String::new, |key| format!("idempotency-key: {key}\r\n"));
        self.post_to(&format!("/api/v1/inventory{path}"), &key, body)
    }

    /// Registers a product in the catalogue.
    pub(crate) fn register(&mut self, product: &Value) -> io::Result<Reply> {
        self.post_to("/api/v1/products", "", product)
    }

    /// Registers a store in the catalogue.
    pub(crate) fn register_store(&mut self, store: &Value) -> io::Result<Reply> {
        self.post_to("/api/v1/stores", "", store)
    }

    /// Posts to any path, with more lines of headers, each with its line break.
    pub(crate) fn post_to(&mut self, path: &str, headers: &str, body: &Value) -> io::Result<Reply> {
        self.write("POST", path, headers, body)
    }

    /// Changes what is at a path.
    pub(crate) fn patch(&mut self, path: &str, body: &Value) -> io::Result<Reply> {
        self.write("PATCH", path, "", body)
    }

    fn write(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &Value,
    ) -> io::Result<Reply> {
        let body = body.to_string();
        self.exchange(&format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
             {headers}content-length: {}\r\n\r\n{body}",
            body.len()
        ))
    }

    /// Sends a request and reads its answer; after an error it is unknown whether the request was executed.
    fn exchange(&mut self, request: &str) -> io::Result<Reply> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => open(self.address)?,
        };
        let request = request.replacen("\r\n", &format!("\r\n{}", self.key), 1);
        connection.get_mut().write_all(request.as_bytes())?;
        let (reply, stays_open) = read(&mut connection)?;
        if stays_open {
            self.connection = Some(connection);
        }
        Ok(reply)
    }
}

/// Sends a batch of lines, all of which must be accepted.
#[track_caller]
pub(crate) fn send_batch(address: SocketAddr, lines: &[Value]) {
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    let body = lines.join("\n");
    let head = format!(
        "POST /api/v1/inventory/batch HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-type: application/x-ndjson\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut connection = open(address).unwrap();
    let mut sending = connection.get_ref().try_clone().unwrap();
    // from a thread of its own: the server takes lines as fast as its answers are read
    let sent = thread::spawn(move || sending.write_all((head + &body).as_bytes()));
    let mut answers = String::new();
    connection.read_to_string(&mut answers).unwrap();
    sent.join().unwrap().unwrap();
    let accepted = answers.matches("\"status\":20").count();
    assert_eq!(accepted, lines.len(), "{answers:.2000}");
}

fn open(address: SocketAddr) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect_timeout(&address, ANSWER_WAIT)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(ANSWER_WAIT))?;
    Ok(BufReader::new(stream))
}

/// Reads one answer, and whether the connection stays open.
fn read(connection: &mut impl BufRead) -> io::Result<(Reply, bool)> {
    let head = line(connection)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| io::Error::other(format!("{head:?} is no status line")))?;
    let (mut length, mut stays_open) = (0, true);
    loop {
        let header = line(connection)?.to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        match header.split_once(": ") {
            Some(("content-length", value)) => length = value.parse().map_err(io::Error::other)?,
            Some(("connection", "close")) => stays_open = false,
            Some(("transfer-encoding", _)) => {
                return Err(io::Error::other("this client reads no streams"));
            }
            _ => {}
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body)?;
    let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body)? };
    Ok((Reply { status, body }, stays_open))
}

fn line(connection: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    connection.read_line(&mut line)?;
    match line.strip_suffix("\r\n") {
        Some(line) => Ok(line.to_owned()),
        None => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}
