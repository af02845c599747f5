//! A place for backups in a bucket.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt as _;
use kit_backup::{BackupError, MANIFEST, Place};
use kit_event_store::log_folder::make_durably;
use object_store::aws::AmazonS3;
use object_store::path::Path as Object;
use object_store::{
    Error, GetResult, MultipartUpload, ObjectStore as _, ObjectStoreExt as _, PutMode, PutPayload,
    PutResult, UpdateVersion,
};
use parking_lot::Mutex;
use tokio::runtime::Handle;

use crate::failure::{is_missing, reason};
use crate::settings::S3Settings;
use crate::url::BucketUrl;

/// A file beyond this is sent in parts of this many bytes; at most 10,000 of them are taken.
const PART_BYTES: usize = 16 << 20;

/// How long an answer may stand still before it is given up.
const STANDSTILL: Duration = Duration::from_mins(1);

/// A bucket, or all objects of it whose names begin with a prefix. Its calls block, and must come from a thread that may.
pub struct Bucket {
    url: BucketUrl,
    settings: S3Settings,
    client: AmazonS3,
    runtime: Handle,
    /// The versions as which files were read, and `None` of those that were missing.
    read: Mutex<HashMap<String, Option<UpdateVersion>>>,
}

/// The contents of an object, and which version of it they are.
type Found = (Vec<u8>, UpdateVersion);

impl Bucket {
    /// Asks whether the bucket is there and may be read. Blocks; to be called within the runtime, from a thread that may block.
    pub fn open(url: BucketUrl, settings: S3Settings) -> Result<Self, BackupError> {
        let unusable = |error: Error| BackupError::Elsewhere {
            action: "use",
            what: url.to_string(),
            reason: reason(&error, &url, &settings),
        };
        let hasty = settings.hasty_client(&url).map_err(unusable)?;
        let client = settings.client(&url).map_err(unusable)?;
        let runtime = Handle::current();
        let manifest = url.object(MANIFEST).map_err(|error| unusable(error.into()))?;
        match runtime.block_on(hasty.get(&manifest)) {
            Ok(_) => {}
            Err(error) if is_missing(&error) => {}
            Err(error) => return Err(unusable(error)),
        }
        Ok(Self { url, settings, client, runtime, read: Mutex::default() })
    }

    fn failed(&self, action: &'static str, name: &str) -> impl FnOnce(Error) -> BackupError {
        move |error| BackupError::Elsewhere {
            action,
            what: format!("{}/{name}", self.url),
            reason: reason(&error, &self.url, &self.settings),
        }
    }

    fn object(&self, name: &str) -> Result<Object, BackupError> {
        self.url.object(name).map_err(|error| self.failed("name", name)(error.into()))
    }

    /// An object as it begins to come in; `None` where there is none.
    fn begin(&self, name: &str) -> Result<Option<GetResult>, BackupError> {
        match self.runtime.block_on(self.client.get(&self.object(name)?)) {
            Ok(found) => Ok(Some(found)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(self.failed("read", name)(error)),
        }
    }

    /// Gives all bytes of an object to a function, some at a time.
    fn each(
        &self,
        name: &str,
        found: GetResult,
        mut take: impl FnMut(&[u8]) -> Result<(), BackupError>,
    ) -> Result<(), BackupError> {
        let mut stream = found.into_stream();
        loop {
            let next = async { tokio::time::timeout(STANDSTILL, stream.next()).await };
            match self.runtime.block_on(next) {
                Ok(Some(Ok(bytes))) => take(&bytes)?,
                Ok(Some(Err(error))) => return Err(self.failed("read", name)(error)),
                Ok(None) => return Ok(()),
                Err(elapsed) => {
                    let (store, source) = ("S3", Box::new(elapsed));
                    return Err(self.failed("read", name)(Error::Generic { store, source }));
                }
            }
        }
    }

    fn find(&self, name: &str) -> Result<Option<Found>, BackupError> {
        let Some(found) = self.begin(name)? else { return Ok(None) };
        let (e_tag, version) = (found.meta.e_tag.clone(), found.meta.version.clone());
        let version = UpdateVersion { e_tag, version };
        let mut contents = Vec::new();
        self.each(name, found, |bytes| {
            contents.extend_from_slice(bytes);
            Ok(())
        })?;
        Ok(Some((contents, version)))
    }

    fn put_as(&self, object: &Object, contents: &[u8], mode: PutMode) -> Result<PutResult, Error> {
        let payload = PutPayload::from(contents.to_vec());
        self.runtime.block_on(self.client.put_opts(object, payload, mode.into()))
    }

    /// Replaces an object that is still the version that was read; the answer is the version that it is now.
    fn replace(
        &self,
        name: &str,
        contents: &[u8],
        known: Option<UpdateVersion>,
    ) -> Result<UpdateVersion, BackupError> {
        let object = self.object(name)?;
        let put =
            match self.put_as(&object, contents, known.map_or(PutMode::Create, PutMode::Update)) {
                // conditions were turned off, for a store that has none
                Err(Error::NotImplemented { .. }) => {
                    self.put_as(&object, contents, PutMode::Overwrite)
                }
                put => put,
            };
        let error = match put {
            Ok(put) => return Ok(put.into()),
            Err(error) => error,
        };
        // it may be there all the same, and only the answer was lost
        if let Ok(Some((found, version))) = self.find(name)
            && found == contents
        {
            return Ok(version);
        }
        match error {
            Error::Precondition { .. } | Error::AlreadyExists { .. } => {
                Err(BackupError::Overtaken(self.url.to_string()))
            }
            error => Err(self.failed("write", name)(error)),
        }
    }

    /// Sends a file in parts. Nothing of it is there until all are.
    fn put_parts(&self, name: &str, file: &mut File, from: &Path) -> Result<(), BackupError> {
        let object = self.object(name)?;
        let upload = self.runtime.block_on(self.client.put_multipart(&object));
        let mut upload = upload.map_err(self.failed("write", name))?;
        let sent = self.send_parts(name, &mut *upload, file, from);
        if sent.is_err() {
            // parts that stay are nobody's; the bucket's rule for unfinished uploads removes them
            drop(self.runtime.block_on(upload.abort()));
        }
        sent
    }

    fn send_parts(
        &self,
        name: &str,
        upload: &mut dyn MultipartUpload,
        file: &mut File,
        from: &Path,
    ) -> Result<(), BackupError> {
        loop {
            let part = part(file).map_err(BackupError::io("read", from))?;
            if part.is_empty() {
                let completed = self.runtime.block_on(upload.complete());
                return completed.map(drop).map_err(self.failed("write", name));
            }
            let sent = self.runtime.block_on(upload.put_part(part.into()));
            sent.map_err(self.failed("write", name))?;
        }
    }
}

/// The next bytes of a file, as many as a part has.
fn part(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut part = Vec::new();
    file.take(PART_BYTES as u64).read_to_end(&mut part)?;
    Ok(part)
}

impl Place for Bucket {
    fn put(&self, name: &str, contents: &[u8]) -> Result<(), BackupError> {
        let known = self.read.lock().get(name).cloned();
        let Some(known) = known else {
            let put = self.put_as(&self.object(name)?, contents, PutMode::Overwrite);
            return put.map(drop).map_err(self.failed("write", name));
        };
        let now = self.replace(name, contents, known)?;
        self.read.lock().insert(name.to_owned(), Some(now));
        Ok(())
    }

    fn put_file(&self, name: &str, from: &Path) -> Result<(), BackupError> {
        let mut file = File::open(from).map_err(BackupError::io("read", from))?;
        let bytes = file.metadata().map_err(BackupError::io("read", from))?.len();
        if bytes > PART_BYTES as u64 {
            return self.put_parts(name, &mut file, from);
        }
        self.put(name, &part(&mut file).map_err(BackupError::io("read", from))?)
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, BackupError> {
        let found = self.find(name)?;
        let version = found.as_ref().map(|(_, version)| version.clone());
        self.read.lock().insert(name.to_owned(), version);
        Ok(found.map(|(contents, _)| contents))
    }

    fn get_file(&self, name: &str, to: &Path) -> Result<bool, BackupError> {
        let Some(found) = self.begin(name)? else { return Ok(false) };
        make_durably(to.parent().unwrap_or(to))?;
        let mut file = File::create(to).map_err(BackupError::io("write", to))?;
        self.each(name, found, |bytes| {
            file.write_all(bytes).map_err(BackupError::io("write", to))
        })?;
        file.sync_all().map_err(BackupError::io("write", to))?;
        Ok(true)
    }

    fn names(&self) -> Result<Vec<String>, BackupError> {
        let mut listed = self.client.list(self.url.prefix());
        let mut names = Vec::new();
        while let Some(object) = self.runtime.block_on(listed.next()) {
            let object = object.map_err(self.failed("list", ""))?;
            names.extend(self.url.name(&object.location).map(str::to_owned));
        }
        Ok(names)
    }

    fn remove(&self, name: &str) -> Result<(), BackupError> {
        match self.runtime.block_on(self.client.delete(&self.object(name)?)) {
            Err(error) if !is_missing(&error) => Err(self.failed("remove", name)(error)),
            _ => Ok(()),
        }
    }
}
