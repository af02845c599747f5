//! The file of flags as a provider of `OpenFeature`: percentages are whole numbers, and nothing else is there.

use std::sync::Arc;

use async_trait::async_trait;
use open_feature::provider::{FeatureProvider, ProviderMetadata, ResolutionDetails};
use open_feature::{
    EvaluationContext, EvaluationError, EvaluationErrorCode, EvaluationReason, EvaluationResult,
    StructValue,
};
use parking_lot::RwLock;

use crate::file::FlagFile;
use crate::flag::Flag;

/// What the newest good file says. Clones are about the same.
#[derive(Clone, Default)]
pub(crate) struct FileProvider {
    metadata: ProviderMetadata,
    file: Arc<RwLock<FlagFile>>,
}

impl FileProvider {
    pub(crate) fn new(file: FlagFile) -> Self {
        Self { metadata: ProviderMetadata::new("file"), file: Arc::new(RwLock::new(file)) }
    }

    /// Another file holds from here on; whether it says something else.
    pub(crate) fn replace(&self, file: FlagFile) -> bool {
        let mut present = self.file.write();
        let differs = *present != file;
        *present = file;
        differs
    }

    /// What the file says that none of these flags hears.
    pub(crate) fn unknown(&self, known: &[Flag]) -> Vec<String> {
        self.file.read().unknown(known).map(str::to_owned).collect()
    }
}

#[async_trait]
impl FeatureProvider for FileProvider {
    fn metadata(&self) -> &ProviderMetadata {
        &self.metadata
    }

    async fn resolve_int_value(
        &self,
        key: &str,
        _context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<i64>> {
        let percent = self.file.read().percent(key);
        let percent = percent.ok_or_else(|| error(EvaluationErrorCode::FlagNotFound))?;
        let details = ResolutionDetails::builder().value(i64::from(percent));
        Ok(details.reason(EvaluationReason::Static).build())
    }

    async fn resolve_bool_value(
        &self,
        _key: &str,
        _context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<bool>> {
        Err(error(EvaluationErrorCode::TypeMismatch))
    }

    async fn resolve_float_value(
        &self,
        _key: &str,
        _context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<f64>> {
        Err(error(EvaluationErrorCode::TypeMismatch))
    }

    async fn resolve_string_value(
        &self,
        _key: &str,
        _context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<String>> {
        Err(error(EvaluationErrorCode::TypeMismatch))
    }

    async fn resolve_struct_value(
        &self,
        _key: &str,
        _context: &EvaluationContext,
    ) -> EvaluationResult<ResolutionDetails<StructValue>> {
        Err(error(EvaluationErrorCode::TypeMismatch))
    }
}

fn error(code: EvaluationErrorCode) -> EvaluationError {
    EvaluationError { code, message: None }
}
