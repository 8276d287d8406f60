//! The flags about conda, which `conda lock` and the main job share. Where conda or pixi has one, it is named as there.

use clap::Args;

use crate::program::flags::{list, switch, text};
use crate::program::setting::{Layer, PRIORITIES};

/// The heading of the flags about channels: the main job's short help leaves them out.
pub(in crate::program) const HEADING: &str = "Conda channels";

/// Which channels are asked, and for which machines.
#[derive(Debug, Args)]
#[command(next_help_heading = HEADING)]
pub(crate) struct ChannelArguments {
    /// A channel, the most important first; may be given several times [default: conda-forge]
    ///
    /// A channel is a name such as `conda-forge` or `conda-forge/label/dev`, a URL (https, http, file or s3), or a folder
    /// such as `./channel`. Credentials come from the file that `RATTLER_AUTH_FILE` names, from a netrc file, or stand in
    /// the URL that a variable gives.
    #[arg(long, value_name = "CHANNEL")]
    channel: Vec<String>,
    /// What it means that a channel comes first [default: strict]
    ///
    /// `strict`: the first channel that has a package is the only one it is taken from, as rattler, pixi and
    /// service-managed farms have it. `flexible`: later channels are taken where nothing earlier fits, as conda has it.
    /// `disabled`: the newest from anywhere.
    #[arg(long, value_name = "HOW", value_parser = PRIORITIES.to_vec())]
    channel_priority: Option<String>,
    /// What the bare names of channels are put behind [default: `https://conda.anaconda.org`]
    #[arg(long, value_name = "URL")]
    channel_alias: Option<String>,
    /// Ask for a channel elsewhere, and write it as if it had been asked itself; may be given several times
    ///
    /// Elsewhere is a URL, of several the first that answers; or a folder that holds a copy, which is all that is read then.
    #[arg(long, value_name = "CHANNEL=PLACE")]
    channel_mirror: Vec<String>,
    /// How a bucket is reached that is not where AWS says, or needs no signature; may be given several times
    ///
    /// `studio=https://minio.example:9000` is a server of one's own, `studio=anonymous` a bucket that anybody may read, and
    /// `studio=anonymous+https://minio.example` both. Others are reached and signed for as the environment of AWS says
    /// (`AWS_PROFILE`, `AWS_REGION` and so on), or with keys out of the file that `RATTLER_AUTH_FILE` names.
    #[arg(long, value_name = "BUCKET=HOW")]
    channel_bucket: Vec<String>,
    /// The CUDA that the drivers of the machines serve, such as 12.4 [default: none]
    #[arg(long, value_name = "VERSION")]
    cuda: Option<String>,
    /// Something else that the machines have, such as `__archspec=1=x86_64_v3`; may be given several times
    #[arg(long, value_name = "__NAME=VERSION")]
    virtual_package: Vec<String>,
}

/// What a bundle's environment takes.
#[derive(Debug, Args)]
#[command(next_help_heading = HEADING)]
pub(crate) struct CondaArguments {
    #[command(flatten)]
    channels: ChannelArguments,
    /// Refuse what no channel carries, instead of leaving it to pip
    #[arg(long)]
    no_pip: bool,
    /// A copy of the community's mapping of conda names to Python's (parselmouth's `compressed_mapping.json`)
    #[arg(long, value_name = "FILE")]
    conda_names: Option<String>,
}

impl ChannelArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        list(layer, "channel", &self.channel);
        text(layer, "channel-priority", self.channel_priority.as_deref());
        text(layer, "channel-alias", self.channel_alias.as_deref());
        list(layer, "channel-mirror", &self.channel_mirror);
        list(layer, "channel-bucket", &self.channel_bucket);
        text(layer, "cuda", self.cuda.as_deref());
        list(layer, "virtual-package", &self.virtual_package);
    }
}

impl CondaArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        self.channels.record(layer);
        switch(layer, "no-pip", self.no_pip);
        text(layer, "conda-names", self.conda_names.as_deref());
    }
}
