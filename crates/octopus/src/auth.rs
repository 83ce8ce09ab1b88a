//! Who may call: passwords, API keys, sessions.

mod extract;
mod secrets;

pub(crate) use extract::cookie;
pub use extract::{Caller, Credentials, SESSION_COOKIE, check_csrf};
pub use secrets::{
    SecretError, hash_password, hash_token, key_hint, new_api_key, new_id, new_password, new_token,
    verify_password,
};
