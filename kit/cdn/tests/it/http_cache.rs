//! How caches are asked by HTTP.

use std::time::Duration;

use kit_cdn::{EdgeCache as _, HttpEdgeCache};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A cache at an address of its own, that gives one answer; none when it hangs.
async fn cache(scheme: &str, path: &str, answer: Option<&'static str>) -> (HttpEdgeCache, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("{scheme}://{}{path}", listener.local_addr().unwrap());
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        match answer {
            Some(answer) => stream.write_all(answer.as_bytes()).await.unwrap(),
            None => tokio::time::sleep(Duration::from_mins(1)).await,
        }
        String::from_utf8(head).unwrap()
    });
    let token = Some("hidden".parse().unwrap());
    (HttpEdgeCache::new(url.parse().unwrap(), token), asked)
}

type Asked = tokio::task::JoinHandle<String>;

const DONE: Option<&str> = Some("HTTP/1.1 200 Purged\r\ncontent-length: 0\r\n\r\n");

#[tokio::test]
async fn varnish_is_asked_for_a_soft_purge_by_xkey() {
    let (cache, asked) = cache("varnish", "", DONE).await;
    cache.purge(&["a-1".to_owned(), "b-2".to_owned()]).await.unwrap();
    let asked = asked.await.unwrap();
    assert!(asked.starts_with("PURGE / HTTP/1.1\r\n"), "{asked}");
    for line in ["xkey-softpurge: a-1 b-2", "x-purge-token: hidden"] {
        assert!(asked.lines().any(|told| told == line), "{asked}");
    }
}

#[tokio::test]
async fn others_are_asked_by_surrogate_key() {
    let (cache, asked) = cache("surrogate-key", "/service/x/purge", DONE).await;
    cache.purge(&["a-1".to_owned(), "b-2".to_owned()]).await.unwrap();
    let asked = asked.await.unwrap();
    assert!(asked.starts_with("POST /service/x/purge HTTP/1.1\r\n"), "{asked}");
    for line in ["surrogate-key: a-1 b-2", "fastly-key: hidden", "fastly-soft-purge: 1"] {
        assert!(asked.lines().any(|told| told == line), "{asked}");
    }
}

#[tokio::test]
async fn what_was_not_done_is_told_without_the_secret() {
    let refusal = Some("HTTP/1.1 403 Not allowed\r\ncontent-length: 0\r\n\r\n");
    let (refusing, _asked) = cache("varnish", "", refusal).await;
    let told = refusing.purge(&["a".to_owned()]).await.unwrap_err().to_string();
    assert!(told.contains("403") && !told.contains("hidden"), "{told}");
    let (hanging, _asked) = cache("varnish", "", None).await;
    let told = hanging.purge(&["a".to_owned()]).await.unwrap_err().to_string();
    assert!(told.contains("no answer within 2 s"), "{told}");
}
