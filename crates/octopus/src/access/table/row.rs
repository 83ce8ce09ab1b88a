//! A row of the table, and how it is written down.

use api::Page;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::access::Permission;

/// What it takes to be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Nothing.
    Open,
    /// To be known.
    Known,
    /// A permission.
    Needs(Permission),
    /// A permission, unless the `{id}` of the address is who asks.
    OwnOr(Permission),
}

/// What a body holds.
#[derive(Clone, Copy)]
pub(crate) enum Content {
    /// JSON.
    Json(fn(&mut SchemaGenerator) -> Schema),
    /// A form with one file.
    Upload,
    /// Bytes of any kind.
    Bytes,
    /// Text.
    Text,
}

/// A row.
pub(crate) struct Row {
    pub(crate) method: &'static str,
    /// As the router has it.
    pub(crate) pattern: &'static str,
    pub(crate) access: Access,
    /// For programs: it is in the OpenAPI document.
    pub(crate) is_documented: bool,
    pub(crate) takes: Option<Content>,
    pub(crate) gives: Option<Content>,
    /// The answer's status.
    pub(crate) status: u16,
    /// Another one that an answer may have.
    pub(crate) or: Option<u16>,
    /// Words of the query, besides those of a page.
    pub(crate) query: &'static [&'static str],
    /// Takes `skip`, `take`.
    pub(crate) is_paged: bool,
}

impl Row {
    const fn new(method: &'static str, pattern: &'static str, access: Access) -> Self {
        Self {
            method,
            pattern,
            access,
            is_documented: true,
            takes: None,
            gives: None,
            status: 200,
            or: None,
            query: &[],
            is_paged: false,
        }
    }

    pub(super) const fn get(pattern: &'static str, access: Access) -> Self {
        Self::new("GET", pattern, access)
    }

    /// Answers 201.
    pub(super) const fn post(pattern: &'static str, access: Access) -> Self {
        Self::new("POST", pattern, access).status(201)
    }

    pub(super) const fn put(pattern: &'static str, access: Access) -> Self {
        Self::new("PUT", pattern, access)
    }

    pub(super) const fn delete(pattern: &'static str, access: Access) -> Self {
        Self::new("DELETE", pattern, access)
    }

    /// What comes out, as JSON.
    pub(super) const fn gives<T: JsonSchema>(mut self) -> Self {
        self.gives = Some(Content::Json(schema::<T>));
        self
    }

    /// What comes out, in any other form.
    pub(super) const fn sends(mut self, content: Content) -> Self {
        self.gives = Some(content);
        self
    }

    /// What goes in, as JSON.
    pub(super) const fn takes<T: JsonSchema>(mut self) -> Self {
        self.takes = Some(Content::Json(schema::<T>));
        self
    }

    /// The same goes in and comes out.
    pub(super) const fn keeps<T: JsonSchema>(self) -> Self {
        self.takes::<T>().gives::<T>()
    }

    /// A form with a file goes in.
    pub(super) const fn upload(mut self) -> Self {
        self.takes = Some(Content::Upload);
        self
    }

    /// A page of these comes out; these words of the query narrow it.
    pub(super) const fn pages<T: JsonSchema>(self, words: &'static [&'static str]) -> Self {
        let mut row = self.gives::<Page<T>>();
        row.query = words;
        row.is_paged = true;
        row
    }

    pub(super) const fn query(mut self, words: &'static [&'static str]) -> Self {
        self.query = words;
        self
    }

    pub(super) const fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Another status of a good answer.
    pub(super) const fn or(mut self, status: u16) -> Self {
        self.or = Some(status);
        self
    }

    /// A page for people, or of a protocol with a description of its own.
    pub(super) const fn unlisted(mut self) -> Self {
        self.is_documented = false;
        self
    }
}

fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}
