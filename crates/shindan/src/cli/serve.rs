//! The verb `serve`, as a contract.

use std::net::SocketAddr;

use clap::Args;

use super::DataFolder;

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct ServeArguments {
    #[command(flatten)]
    pub data: DataFolder,
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8484")]
    pub listen: SocketAddr,
}
