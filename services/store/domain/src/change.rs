//! What a partial update does to a field.

/// What a partial update does to a field that may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// Leave it as it is.
    #[default]
    Keep,
    /// Make it empty.
    Clear,
    /// Give it a value.
    Set(T),
}

impl<T: Clone> Change<T> {
    pub(crate) fn apply(&self, field: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = Some(value.clone()),
        }
    }
}

impl<T> From<Option<T>> for Change<T> {
    /// What makes a field equal to this one, whatever it was.
    fn from(field: Option<T>) -> Self {
        field.map_or(Self::Clear, Self::Set)
    }
}

/// Gives a field that is never empty its new value, if there is one.
pub(crate) fn replace<T: Clone>(field: &mut T, value: Option<&T>) {
    if let Some(value) = value {
        field.clone_from(value);
    }
}
