//! The agent: receives packages, installs and configures them by convention.
